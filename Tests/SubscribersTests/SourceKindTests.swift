import Files
import Formats
import Glibc
import Model
import TestSupport
import Testing

@testable import Subscribers

@Suite(.needs("sqlite3")) struct SourceKindTests {
    @Test func aDatabaseIsKnownByItsContentWhateverItsName() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/list.csv"
            try await makeDatabase(path, "CREATE TABLE t(id TEXT); INSERT INTO t VALUES('\(ada)'),('\(bob)');")
            let spooled = try Spooled(database: path)
            #expect(spooled.ids == ids(ada, bob))
            #expect(spooled.source.kind == "sqlite")
        }
    }

    @Test func aListIsKnownByItsContentWhateverItsName() async throws {
        try await withTemporaryDirectory { directory in
            try write("id\na\n", to: directory + "/bot.sqlite")
            #expect(try Spooled(database: directory + "/bot.sqlite").source.kind == "csv")
        }
    }

    @Test func optionsOfADatabaseDoNotApplyToAList() {
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

    @Test func nothingAtAllIsAnError() {
        #expect(throws: SourceError.empty(name: "list.csv")) { try Spooled(csv: "") }
    }

    @Test func aByteOrderMarkAndNothingElseIsNothingAtAll() {
        #expect(throws: SourceError.empty(name: "list.csv")) { try Spooled(csv: "\u{FEFF}") }
    }

    @Test(arguments: ["id\n", "id", "\u{FEFF}name,id\r\n", "who\n"])
    func aHeaderWithoutRowsIsARunOfNobody(_ text: String) throws {
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
    func rowsOfWhichNoneHoldsAnIdAreAnError(_ text: String, _ rows: Int, _ reasons: String) {
        #expect(throws: SourceError.everyRowRejected(rows: rows, reasons: reasons, name: "list.csv")) {
            try Spooled(csv: text) { $0.column = "id" }
        }
    }

    @Test func aColumnWithoutValuesDoesNotLookRight() {
        #expect(
            throws: SourceError.noColumnLooksRight(
                candidates: [.init(column: "id", content: "no values", isBlobs: false)], others: [], name: "list.csv")
        ) { try Spooled(csv: "id,n\n,1\n,2\n") }
    }

    @Test func emptyLinesBehindAHeaderAreNoRowsThatShouldHoldAnID() throws {
        let spooled = try Spooled(csv: "id\n\n\n")
        #expect(spooled.ids.isEmpty)
        #expect(spooled.source.rejected == [.init(reason: "blank", rows: 2)])
        #expect(spooled.warnings == ["list.csv has a header and no rows, so this run has no ids"])
    }

    @Test func aFileOfNothingButLineEndsIsEmpty() {
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
    func sixteenBitTextIsRefused(_ content: [UInt8]) {
        #expect(throws: SourceError.otherEncoding("UTF-16", name: "list.csv")) { try Spooled(csv: content) }
    }

    @Test func anIdWithNulIsNotTakenForSixteenBitText() throws {
        let spooled = try Spooled(csv: "id\na\0\0b\nabc\n")
        #expect(spooled.ids == ids("abc"))
    }

    /// An encrypted database, a spreadsheet file, a picture: lines of it that happen to be short text are no ids.
    @Test(arguments: 1...8) func whatIsNoTextIsRefused(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for size in [1_024, 4_096, 20_000, 200_000] {
            let noise = (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(throws: SourceError.binaryFile(name: "list.csv")) { try Spooled(csv: noise) }
            #expect(throws: SourceError.binaryFile(name: "list.csv")) {
                try Spooled(csv: Array("id\nabc==\n".utf8) + noise)
            }
        }
    }

    @Test func aFewControlCharactersMakeATextNoOther() throws {
        let row = "abc,say \u{1} or nothing\n"
        let spooled = try Spooled(csv: "id,note\n" + String(repeating: row, count: 5_000)) { $0.column = "id" }
        #expect(spooled.ids == ids("abc"))
        // However many there are in a few bytes.
        #expect(try Spooled(csv: "id\nabc\n" + String(repeating: "\u{1}", count: 31)).ids == ids("abc"))
    }

    @Test func aQuoteThatIsNeverClosedIsAnErrorWithItsLine() {
        #expect(throws: SourceError.unterminatedQuote(name: "list.csv", line: 4)) {
            try Spooled(csv: "id,note\n\(ada),\"x\ny\"\n\(bob),\"open\nc\nd\n")
        }
    }

    @Test(.needs("python3")) func whatIsNoFileIsRefusedAndNeverWaitedFor() async throws {
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

    @Test func aLinkToAListIsFollowed() async throws {
        try await withTemporaryDirectory { directory in
            try write("id\na\n", to: directory + "/list.csv")
            #expect(symlink("list.csv", directory + "/link.csv") == 0)
            let spooled = try Spooled(SourceOptions(path: directory + "/link.csv"))
            #expect(spooled.ids == ids("a"))
            #expect(spooled.source.name == "link.csv")
        }
    }
}
