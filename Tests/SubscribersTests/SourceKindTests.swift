import Files
import Glibc
import Model
import Subscribers
import TestSupport
import Testing

@Suite(.needs("sqlite3")) struct SourceKindTests {
    @Test func aDatabaseIsKnownByItsContentWhateverItsName() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/list.csv"
            try await makeDatabase(path, "CREATE TABLE t(id TEXT); INSERT INTO t VALUES('a'),('b');")
            let spooled = try Spooled(database: path)
            #expect(spooled.ids == ids("a", "b"))
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
            _ = try SubscriberSource(options)
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
        #expect(spooled.warnings == ["list.csv has a header and no rows: there is nobody to ask for"])
    }

    @Test(arguments: [
        ("id\n\n\n\u{1}\n", 3, "blank 2, control_char 1"),
        ("id,n\n,1\n,2\n", 2, "blank 2"),
    ])
    func rowsOfWhichNoneHoldsAnIdAreAnError(_ text: String, _ rows: Int, _ reasons: String) {
        #expect(throws: SourceError.everyRowRejected(rows: rows, reasons: reasons, name: "list.csv")) {
            try Spooled(csv: text)
        }
    }

    @Test func emptyLinesBehindAHeaderAreNoRowsThatShouldHoldAnID() throws {
        let spooled = try Spooled(csv: "id\n\n\n")
        #expect(spooled.ids.isEmpty)
        #expect(spooled.source.rejected == [.init(reason: "blank", rows: 2)])
        #expect(spooled.warnings == ["list.csv has a header and no rows: there is nobody to ask for"])
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
        #expect(throws: SourceError.looksLikeUTF16(name: "list.csv")) { try Spooled(csv: content) }
    }

    @Test func anIdWithNulIsNotTakenForSixteenBitText() throws {
        let spooled = try Spooled(csv: "id\na\0\0b\nabc\n")
        #expect(spooled.ids == ids("abc"))
    }

    @Test func aQuoteThatIsNeverClosedIsAnErrorWithItsLine() {
        #expect(throws: SourceError.unterminatedQuote(name: "list.csv", line: 4)) {
            try Spooled(csv: "id,note\na,\"x\ny\"\nb,\"open\nc\nd\n")
        }
    }

    @Test func whatIsNoFileIsRefusedAndNeverWaitedFor() async throws {
        try await withTemporaryDirectory { directory in
            #expect(mkfifo(directory + "/pipe", 0o600) == 0)
            #expect(symlink("nowhere", directory + "/dangling") == 0)
            for path in [directory, directory + "/missing", directory + "/pipe", directory + "/dangling", "/dev/zero"] {
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
