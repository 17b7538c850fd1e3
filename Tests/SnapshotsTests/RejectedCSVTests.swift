import Files
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
    func showsBytesThatAreNoPrintableTextAsHex(_ value: [UInt8], _ expected: String) {
        #expect(RejectedCSV.shown(value) == expected)
    }

    @Test(
        arguments: [
            ([UInt8](repeating: 0x61, count: 200), 200), ([UInt8](repeating: 0x61, count: 201), 200),
            ([UInt8](repeating: 0x00, count: 60), 200), (Array(String(repeating: "日", count: 100).utf8), 198),
            ([UInt8](repeating: 0x61, count: 199) + Array("é".utf8), 199),
            ([UInt8](repeating: 0x61, count: 197) + [0xFF], 197), ([UInt8](repeating: 0x61, count: 196) + [0xFF], 200),
            ([UInt8](repeating: 0x61, count: 1 << 16), 200),
        ] as [([UInt8], Int)])
    func showsAtMostTwoHundredBytesAndNoHalfCharacter(_ value: [UInt8], _ length: Int) {
        let shown = RejectedCSV.shown(value)
        #expect(shown.utf8.count == length)
        #expect(!shown.contains("\u{FFFD}"))
        #expect(!shown.hasSuffix("\\") && !shown.hasSuffix("\\x"))
    }

    private static let run = RunID(startedAt: SampleRun.startedAt, salt: 1)

    @Test func rowsAreReadBackByAnotherReader() async throws {
        try await withTemporaryDirectory { path in
            let directory = OutputDirectory(path)
            try directory.beginWork(Self.run)
            var file = RejectedCSV(in: directory, run: Self.run)
            try file.append(line: 2, reason: "blank", value: [])
            try file.append(line: 7, reason: "bad_quoting", value: Array("a\"b, c\n".utf8))
            try file.append(line: 1_000_000, reason: "bad_utf8", value: [0xFF])
            try file.finish()
            let program = """
                import csv, sys
                with open(sys.argv[1], encoding="ascii", newline="") as file: print(list(csv.reader(file, strict=True)))
                """
            let result = try await Tool.python(program, [directory.work(of: Self.run) + "/rejected.csv"])
            #expect(
                result.output
                    == #"[['line', 'reason', 'value'], ['2', 'blank', ''], ['7', 'bad_quoting', 'a"b, c\\x0A'], "#
                    + #"['1000000', 'bad_utf8', '\\xFF']]"# + "\n")
        }
    }

    @Test func withoutARowThereIsNoFile() async throws {
        try await withTemporaryDirectory { path in
            let directory = OutputDirectory(path)
            try directory.beginWork(Self.run)
            try RejectedCSV(in: directory, run: Self.run).finish()
            #expect(try Directories.list(directory.work(of: Self.run)) == [])
        }
    }
}
