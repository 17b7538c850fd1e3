import Files
import Formats
import Glibc
import Model
import TestSupport
import Testing

@testable import Subscribers

@Suite(.needs("sqlite3")) struct SourceKindTests {
    @Test func `a database is recognised by its content whatever its name`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/list.csv"
            try await makeDatabase(path, "CREATE TABLE t(id TEXT); INSERT INTO t VALUES('\(ada)'),('\(bob)');")
            let spooled = try Spooled(database: path)
            #expect(spooled.ids == ids(ada, bob))
            #expect(spooled.source.kind == "sqlite")
        }
    }

    @Test func `a list is recognised by its content whatever its name`() async throws {
        try await withTemporaryDirectory { directory in
            try write("id\na\n", to: directory + "/bot.sqlite")
            #expect(try Spooled(database: directory + "/bot.sqlite").source.kind == "csv")
        }
    }

    @Test func `options of a database do not apply to a list`() {
        #expect(throws: SourceError.notADatabase(name: "list.csv")) { try Spooled(csv: "id\na\n") { $0.table = "t" } }
        #expect(throws: SourceError.notADatabase(name: "list.csv")) {
            try Spooled(csv: "id\na\n") { $0.query = "SELECT 1" }
        }
        #expect(throws: SourceError.notADatabase(name: "stdin")) {
            var options = SourceOptions(path: "-")
            options.table = "t"
            _ = try CSVReader(BytesInput(Array("id\na\n".utf8)[...]), options: options)
        }
    }

    @Test func `an empty file is an error`() {
        #expect(throws: SourceError.empty(name: "list.csv")) { try Spooled(csv: "") }
    }

    @Test func `a file with only a byte order mark is empty`() {
        #expect(throws: SourceError.empty(name: "list.csv")) { try Spooled(csv: "\u{FEFF}") }
    }

    @Test(arguments: ["id\n", "id", "\u{FEFF}name,id\r\n", "who\n"])
    func `a header without rows is a run without ids`(_ text: String) throws {
        let spooled = try Spooled(csv: text) { if text.hasPrefix("who") { $0.column = "who" } }
        #expect(spooled.ids.isEmpty)
        #expect(spooled.source.rowsRead == 0)
        #expect(spooled.warnings == ["list.csv has a header and no rows, so this run has no ids"])
    }

    @Test(arguments: [
        ("id\n\n\n\u{1}\n", 3, "blank 2, control_char 1"),
        ("id,n\n,1\n,2\n", 2, "blank 2"),
        ("id,n\nNULL,1\n\\N,2\n", 2, "null 2"),
    ])
    func `rows without any id are an error`(_ text: String, _ rows: Int, _ reasons: String) {
        #expect(throws: SourceError.everyRowRejected(rows: rows, reasons: reasons, name: "list.csv")) {
            try Spooled(csv: text) { $0.column = "id" }
        }
    }

    @Test func `a column without values does not look right`() {
        #expect(
            throws: SourceError.noColumnLooksRight(
                candidates: [.init(column: "id", content: "no values", isBlobs: false)], others: [], name: "list.csv")
        ) { try Spooled(csv: "id,n\n,1\n,2\n") }
    }

    @Test func `empty lines after a header are not rows`() throws {
        let spooled = try Spooled(csv: "id\n\n\n")
        #expect(spooled.ids.isEmpty)
        #expect(spooled.source.rejected == [.init(reason: "blank", rows: 2)])
        #expect(spooled.warnings == ["list.csv has a header and no rows, so this run has no ids"])
    }

    @Test func `a file of nothing but line ends is empty`() {
        #expect(throws: SourceError.empty(name: "list.csv")) { try Spooled(csv: "\n\r\n\n") }
    }

    @Test(
        arguments: [
            [0xFF, 0xFE, 0x69, 0, 0x64, 0, 0x0A, 0, 0x61, 0, 0x0A, 0],
            [0xFE, 0xFF, 0, 0x69, 0, 0x64, 0, 0x0A, 0, 0x61, 0, 0x0A],
            [0x69, 0, 0x64, 0, 0x0A, 0, 0x61, 0, 0x0A, 0],
            [0, 0x69, 0, 0x64, 0, 0x0A, 0, 0x61, 0, 0x0A],
            [0xFF, 0xFE],
        ] as [[UInt8]])
    func `sixteen bit text is refused`(_ content: [UInt8]) {
        #expect(throws: SourceError.otherEncoding("UTF-16", name: "list.csv")) { try Spooled(csv: content) }
    }

    @Test func `an id with nul is not mistaken for sixteen bit text`() throws {
        let spooled = try Spooled(csv: "id\na\0\0b\nabc\n")
        #expect(spooled.ids == ids("abc"))
    }

    /// An encrypted database, a spreadsheet file, a picture: lines of it that happen to be short text are not ids.
    @Test(arguments: 1...8) func `a binary file is refused`(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for size in [1_024, 4_096, 20_000, 200_000] {
            let noise = (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(throws: SourceError.binaryFile(name: "list.csv")) { try Spooled(csv: noise) }
            #expect(throws: SourceError.binaryFile(name: "list.csv")) {
                try Spooled(csv: Array("id\nabc==\n".utf8) + noise)
            }
        }
    }

    @Test func `a few control characters do not make a file binary`() throws {
        let row = "abc,say \u{1} or nothing\n"
        let spooled = try Spooled(csv: "id,note\n" + String(repeating: row, count: 5_000)) { $0.column = "id" }
        #expect(spooled.ids == ids("abc"))
        // A few bytes may have any number of them.
        #expect(try Spooled(csv: "id\nabc\n" + String(repeating: "\u{1}", count: 31)).ids == ids("abc"))
    }

    @Test func `a quote that is never closed is an error with its line`() {
        #expect(throws: SourceError.unterminatedQuote(name: "list.csv", line: 4)) {
            try Spooled(csv: "id,note\n\(ada),\"x\ny\"\n\(bob),\"open\nc\nd\n")
        }
    }

    @Test(.needs("python3")) func `a source that is not a file is refused at once`() async throws {
        try await withTemporaryDirectory { directory in
            #expect(mkfifo(directory + "/pipe", 0o600) == 0)
            #expect(symlink("nowhere", directory + "/dangling") == 0)
            let program = "import socket,sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])"
            let bound = try await Tool.python(program, [directory + "/socket"])
            try #require(bound.code == 0, "\(bound.error)")
            let names = ["", "/missing", "/pipe", "/dangling", "/socket"]
            for path in names.map({ directory + $0 }) + ["/dev/zero", "/dev/null"] {
                let error = #expect(throws: FileError.self) { try Spooled(SourceOptions(path: path)) }
                #expect(error?.kind == .unreadable)
            }
        }
    }

    @Test func `a link to a list is followed`() async throws {
        try await withTemporaryDirectory { directory in
            try write("id\na\n", to: directory + "/list.csv")
            #expect(symlink("list.csv", directory + "/link.csv") == 0)
            let spooled = try Spooled(SourceOptions(path: directory + "/link.csv"))
            #expect(spooled.ids == ids("a"))
            #expect(spooled.source.name == "link.csv")
        }
    }
}
