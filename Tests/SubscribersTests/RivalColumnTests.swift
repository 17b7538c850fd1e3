import Model
import Subscribers
import TestSupport
import Testing

/// Sources in which another column may contain the ids although one with a known name looks right.
@Suite struct RivalColumnTests {
    private static let id = RealFormIDs.id

    /// An identifier of another system that looks like a Viber id, as Firebase and Airtable make them.
    private static func foreign(_ number: Int) -> String {
        String(("x7" + id(number).filter(\.isLetter) + "4qRtYpLk").prefix(20))
    }

    @Test(arguments: [
        ("id,email,viber", "id", "viber"), ("user_id,phone,Chat", "user_id", "Chat"),
        ("receiver,name,viber id of the client", "receiver", "viber id of the client"),
    ])
    func `ids of sixteen bytes beside ids of another kind are ambiguous`(
        _ header: String, _ known: String, _ other: String
    ) throws {
        let text = header + "\n" + lines(20) { "\(Self.foreign($0)),\(PersonalData.name),\(Self.id($0))" }
        #expect(throws: SourceError.severalColumns(columns: [known, other], name: "list.csv")) {
            try Spooled(csv: text)
        }
        let spooled = try Spooled(csv: text) { $0.column = other }
        #expect(spooled.ids == RealFormIDs.first(20))
    }

    @Test func `a column of sixteen bytes has no rivals`() throws {
        let text = "id,token\n" + lines(20) { "\(Self.id($0)),\(Self.id($0 + 50))" }
        #expect(try Spooled(csv: text).ids == RealFormIDs.first(20))
    }

    /// Nothing distinguishes ids of another form from Viber's if there is no other column.
    @Test func `ids of another form alone are read`() throws {
        let text = "id,email\n" + lines(20) { "\(Self.foreign($0)),\(PersonalData.email)" }
        #expect(try Spooled(csv: text).ids.count == 20)
    }

    /// If a column with a less specific name were chosen instead, most of its ids would not be requested.
    @Test(arguments: [8, 2]) func `a more specific column that is partly IDs is ambiguous`(_ step: Int) throws {
        let text = "id,viber_id\n" + lines(40) { "\(Self.id($0)),\($0 % step == 0 ? "None" : Self.id($0 + 50))" }
        #expect(throws: SourceError.severalColumns(columns: ["id", "viber_id"], name: "list.csv")) {
            try Spooled(csv: text)
        }
    }

    @Test func `a more specific column with few IDs is ignored`() throws {
        let text = "id,viber_id\n" + lines(40) { "\(Self.id($0)),\($0 % 3 > 0 ? "None" : Self.id($0 + 50))" }
        #expect(try Spooled(csv: text).ids == RealFormIDs.first(40))
    }

    @Test(arguments: [
        ("subscribers", "viber", "devices", "id"), ("clients", "messenger", "uploads", "user_id"),
    ])
    func `a table with ids of another kind does not hide the subscribers`(
        _ table: String, _ column: String, _ other: String, _ known: String
    ) async throws {
        let sql = """
            CREATE TABLE \(table)(pk INTEGER PRIMARY KEY, name TEXT, \(column) TEXT);
            CREATE TABLE \(other)(\(known) TEXT, owner INTEGER);
            """
        let rows = insert(table) { "\($0), '\(PersonalData.name)', '\(Self.id($0))'" }
        try await withDatabase(sql + rows + insert(other) { "'\(Self.foreign($0))', \($0)" }) { path in
            let columns = [other + "." + known, table + "." + column]
            #expect(throws: SourceError.severalTables(columns: columns, name: "bot.sqlite")) {
                try Spooled(database: path)
            }
        }
    }

    /// A table with the same name of which most cells are ids may be the list, before it was damaged.
    @Test(arguments: [(6, true), (2, true), (1, false)])
    func `a table with the same name that is partly IDs is ambiguous`(_ step: Int, _ isAmbiguous: Bool) async throws {
        let sql = "CREATE TABLE a(viber_id TEXT, n); CREATE TABLE b(viber_id TEXT, n);"
        let rows =
            insert("a") { $0 % step == 0 ? "'\(PersonalData.phone)', 1" : "'\(Self.id($0 + 50))', 1" }
            + insert("b") { "'\(Self.id($0))', 1" }
        try await withDatabase(sql + rows) { path in
            let result = Result { try Spooled(database: path).ids }
            if isAmbiguous {
                let error = SourceError.severalTables(columns: ["b.viber_id", "a.viber_id"], name: "bot.sqlite")
                #expect(throws: error) { try result.get() }
            } else {
                let ids = try result.get()
                #expect(ids == RealFormIDs.first(12))
            }
        }
    }

    @Test(arguments: ["refresh_tokens", "UserSessions", "AspNetUserTokens", "VerificationToken", "grammy_sessions"])
    func `tables of tokens and sessions are ignored`(_ other: String) async throws {
        let sql = "CREATE TABLE users(viber_id TEXT, name TEXT); CREATE TABLE \(other)(id TEXT, owner INTEGER);"
        let rows = insert("users") { "'\(Self.id($0))', 'n'" } + insert(other) { "'\(Self.id($0 + 50))', \($0)" }
        try await withDatabase(sql + rows) { path in
            let spooled = try Spooled(database: path)
            #expect(spooled.ids == RealFormIDs.first(12))
        }
    }

    /// The names of people have letters of both cases and no digit.
    @Test func `names of one word are not IDs`() throws {
        let names = ["Shevchenko", "Bondarenko", "Kovalenko-B", "JohnSmithson", "Tkachenko+", "OrderConfirmed"]
        let text = "user_id,phone\n" + names.map { "\($0),\(PersonalData.phone)\n" }.joined()
        #expect(throws: SourceError.self) { try Spooled(csv: text) }
    }

    /// The database has only a table of documents, and a view of it that calls JSON functions.
    @Test func `a view of documents is read rather than the documents`() async throws {
        let sql = """
            CREATE TABLE raw(doc TEXT);
            CREATE VIEW subscribers AS SELECT json_extract(doc, '$.v') AS viber_id, 1 AS n FROM raw;
            """
        let rows = insert("raw") { "'{\"v\":\"\(Self.id($0))\",\"n\":\"\(PersonalData.name)\"}'" }
        try await withDatabase(sql + rows) { path in
            let spooled = try Spooled(database: path)
            #expect(spooled.ids == RealFormIDs.first(12))
        }
    }

    /// `ID` is also Idaho and Indonesia, and `receiver` is a word.
    @Test(arguments: ["ID", "Receiver", "user_id"])
    func `a row with a word that is a known name is not a header`(_ word: String) throws {
        let text =
            "\(PersonalData.name),\(word),\(Self.id(1)),+\(PersonalData.phone)\n"
            + lines(19) { "\(PersonalData.name),NV,\(Self.id($0 + 1)),+\(PersonalData.phone)" }
        #expect(try Spooled(csv: text) { $0.column = "3" }.ids == RealFormIDs.first(20))
        for column in [nil, "viber_id"] {
            let error = #expect(throws: SourceError.self) { try Spooled(csv: text) { $0.column = column } }
            let description = error?.description ?? ""
            #expect(PersonalData.found(in: description).isEmpty, "\(description)")
        }
    }

    @Test(arguments: [("viber_id", ","), ("id", ";"), ("Receiver", "\t")])
    func `a known name before all ids on one line is not a header without rows`(_ name: String, _ delimiter: String)
        throws
    {
        let text = ([name] + (1...20).map { Self.id($0) }).joined(separator: delimiter) + "\n"
        let byte = delimiter.utf8.first ?? 0
        #expect(throws: SourceError.idsOnOneLine(delimiter: byte, name: "list.csv")) { try Spooled(csv: text) }
    }

    @Test(arguments: ["(12 rows)", "(1 row)", "\\."])
    func `the last line of PSQL is not an ID`(_ footer: String) throws {
        let spooled = try Spooled(csv: "viber_id\n" + lines(12) { Self.id($0) } + footer + "\n")
        #expect(spooled.ids == RealFormIDs.first(12))
        #expect(spooled.source.rejected.map(\.reason) == ["missing_field"])
    }

    @Test(arguments: ["Viber\u{A0}ID", "viber\u{2009}id", "\u{FEFF}VIBER\u{202F}ID "])
    func `blanks of all kinds in a name do not matter`(_ name: String) throws {
        let text = "n,\(name)\n" + lines(12) { "\($0),\(Self.id($0))" }
        #expect(try Spooled(csv: text).ids == RealFormIDs.first(12))
    }

    @Test(arguments: [true, false]) func `utf 32 is named`(_ isLittleEndian: Bool) throws {
        let text = "viber_id\n" + lines(3) { Self.id($0) }
        let bytes = text.unicodeScalars.flatMap { scalar in
            let bytes = (0..<4).map { UInt8(truncatingIfNeeded: scalar.value >> ($0 * 8)) }
            return isLittleEndian ? bytes : bytes.reversed()
        }
        for mark in [[], isLittleEndian ? [0xFF, 0xFE, 0, 0] : [0, 0, 0xFE, 0xFF]] as [[UInt8]] {
            #expect(throws: SourceError.otherEncoding("UTF-32", name: "list.csv")) { try Spooled(csv: mark + bytes) }
        }
    }
}
