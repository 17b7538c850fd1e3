import Files
import Journal
import Model
import TestSupport
import Testing

@testable import Snapshots

@Suite(.needs("python3")) struct RejectedCSVTests {
    @Test(
        arguments: [
            ([], ""), (Array("plain text".utf8), "plain text"), (Array("+380 \"x\", y".utf8), "+380 \"x\", y"),
            (Array("日本 caf\u{e9} 😀".utf8), "日本 caf\u{e9} 😀"),
            ([0x00], #"\x00"#), (Array("a\nb\r\tc".utf8), #"a\x0Ab\x0D\x09c"#), ([0x1B, 0x5B, 0x7F], #"\x1B[\x7F"#),
            ([0xFF, 0x61, 0xFE], #"\xFFa\xFE"#), ([0x61, 0xC3], #"a\xC3"#), ([0xC3, 0x28], #"\xC3("#),
            ([0xE6, 0x97], #"\xE6\x97"#), ([0xC0, 0x80], #"\xC0\x80"#), ([0xED, 0xA0, 0x80], #"\xED\xA0\x80"#),
            ([0xF4, 0x90, 0x80, 0x80], #"\xF4\x90\x80\x80"#), ([0xC2, 0x85], #"\xC2\x85"#),
            ([0x80, 0xC3, 0xA9], "\\x80\u{e9}"),
        ] as [([UInt8], String)])
    func `shows bytes that are not printable text as hex`(_ value: [UInt8], _ expected: String) {
        #expect(RejectedCSV.escaped(value) == expected)
    }

    @Test(
        arguments: [
            ([UInt8](repeating: 0x61, count: 200), 200), ([UInt8](repeating: 0x61, count: 201), 200),
            ([UInt8](repeating: 0x00, count: 60), 200), (Array(String(repeating: "日", count: 100).utf8), 198),
            ([UInt8](repeating: 0x61, count: 199) + Array("é".utf8), 199),
            ([UInt8](repeating: 0x61, count: 197) + [0xFF], 197), ([UInt8](repeating: 0x61, count: 196) + [0xFF], 200),
            ([UInt8](repeating: 0x61, count: 1 << 16), 200),
        ] as [([UInt8], Int)])
    func `shows at most two hundred bytes and no half character`(_ value: [UInt8], _ length: Int) {
        let text = RejectedCSV.escaped(value)
        #expect(text.utf8.count == length)
        #expect(!text.contains("\u{FFFD}"))
        #expect(!text.hasSuffix("\\") && !text.hasSuffix("\\x"))
    }

    private static let run = RunID(startedAt: SampleRun.startedAt, salt: 1)

    @Test func `rows are read back by another reader`() async throws {
        try await withTemporaryDirectory { path in
            let directory = OutputDirectory(path)
            try directory.work.run(Self.run).create()
            var file = RejectedCSV(path: directory.work.run(Self.run).rejected)
            try file.append(line: 2, reason: "blank", value: [], rows: 3)
            try file.append(line: 7, reason: "bad_quoting", value: Array("a\"b, c\n".utf8), rows: 1)
            try file.append(line: 1_000_000, reason: "bad_utf8", value: [0xFF], rows: 1)
            try file.finish()
            let program = """
                import csv, sys
                with open(sys.argv[1], encoding="ascii", newline="") as file: print(list(csv.reader(file, strict=True)))
                """
            let result = try await Tool.python(program, [directory.work.run(Self.run).path + "/rejected.csv"])
            #expect(
                result.output
                    == #"[['line', 'reason', 'value', 'rows'], ['2', 'blank', '', '3'], "#
                    + #"['7', 'bad_quoting', 'a"b, c\\x0A', '1'], ['1000000', 'bad_utf8', '\\xFF', '1']]"# + "\n")
        }
    }

    @Test func `without a row there is no file`() async throws {
        try await withTemporaryDirectory { path in
            let directory = OutputDirectory(path)
            try directory.work.run(Self.run).create()
            var file = RejectedCSV(path: directory.work.run(Self.run).rejected)
            try file.finish()
            #expect(file.count == 0)
            #expect(try FileSystem.list(directory.work.run(Self.run).path) == [])
        }
    }

    /// Appends rows to a file with a limit of five, and reads the file back.
    private func written(
        _ rows: [(line: Int, reason: String, rows: Int)],
        in path: String
    ) throws -> (text: String, count: Int, read: (rows: Int, rejected: [RunSummary.RejectedCount])) {
        var file = RejectedCSV(path: path + "/rejected.csv", limit: 5)
        for row in rows { try file.append(line: row.line, reason: row.reason, value: [0x61], rows: row.rows) }
        try file.finish()
        let text = String(decoding: try bytes(of: path + "/rejected.csv"), as: UTF8.self)
        return (text, file.count, try RejectedCSV.read(path + "/rejected.csv"))
    }

    @Test func `up to the limit each row is written`() async throws {
        try await withTemporaryDirectory { path in
            let result = try written((2...6).map { ($0, "null", 1) }, in: path)
            #expect(
                result.text == "line,reason,value,rows\n2,null,a,1\n3,null,a,1\n4,null,a,1\n5,null,a,1\n6,null,a,1\n")
            #expect(result.count == 5)
            #expect(result.read.rows == 5)
            #expect(result.read.rejected == [.init(reason: "null", rows: 5)])
        }
    }

    @Test func `beyond the limit each reason is one row without line and value`() async throws {
        try await withTemporaryDirectory { path in
            let rest = [(9, "blank", 4), (13, "null", 1), (14, "zeta", 1), (15, "blank", 2)]
            let result = try written((2...6).map { ($0, "null", 2) } + rest, in: path)
            #expect(result.text.hasSuffix("\n6,null,a,2\n,blank,,6\n,null,,1\n,zeta,,1\n"))
            #expect(result.count == 8)
            #expect(result.read.rows == 8)
            #expect(
                result.read.rejected == [
                    .init(reason: "null", rows: 11), .init(reason: "blank", rows: 6), .init(reason: "zeta", rows: 1),
                ])
        }
    }

    @Test func `the limit of a run is a hundred thousand rows`() async throws {
        try await withTemporaryDirectory { path in
            let directory = OutputDirectory(path)
            try directory.work.run(Self.run).create()
            var file = RejectedCSV(path: directory.work.run(Self.run).rejected)
            for line in 1...100_007 { try file.append(line: line, reason: "null", value: [], rows: 1) }
            try file.finish()
            #expect(file.count == 100_001)
            let content = try bytes(of: directory.work.run(Self.run).path + "/rejected.csv")
            #expect(String(decoding: content.suffix(30), as: UTF8.self).hasSuffix("\n100000,null,,1\n,null,,7\n"))
        }
    }

    @Test func `a file of version 01 has one row for each row of the source`() async throws {
        try await withTemporaryDirectory { path in
            let file = path + "/rejected.csv"
            try write("line,reason,value\n2,blank,\n7,null,\"a,b\"\n9,blank,\n", to: file)
            let read = try RejectedCSV.read(file)
            #expect(read.rows == 3)
            #expect(read.rejected == [.init(reason: "blank", rows: 2), .init(reason: "null", rows: 1)])
        }
    }

    @Test(arguments: [
        "line,reason,value,rows\n2,blank,\n", "line,reason,value\n2,blank,,1\n", "line,reason,value,rows\n2,blank,,0\n",
        "line,reason,value,rows\n2,blank,,-1\n", "line,reason,value,rows\n2,blank,,x\n",
        "line,reason,value,rows\n2,blank,,\n", "line,reason,value,rows\n2,blank,,99999999999999999999\n",
        "line,reason,value,number\n2,blank,,1\n", "line,reason\n2,blank\n", "2,blank,,1\n",
    ])
    func `a malformed file is refused`(_ text: String) async throws {
        try await withTemporaryDirectory { path in
            try write(text, to: path + "/rejected.csv")
            #expect(throws: DamagedSnapshot.self) { try RejectedCSV.read(path + "/rejected.csv") }
        }
    }
}
