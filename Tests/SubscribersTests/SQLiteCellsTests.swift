import Model
import TestSupport
import Testing

@testable import Subscribers

@Suite struct SQLiteCellsTests {
    struct Cell: Sendable, CustomTestStringConvertible {
        /// An SQL expression.
        var sql: String
        var reason: RejectionReason
        var value: [UInt8]

        var testDescription: String { sql }
    }

    @Test(arguments: [
        Cell(sql: "NULL", reason: .null, value: []),
        Cell(sql: "'NULL'", reason: .null, value: Array("NULL".utf8)),
        Cell(sql: "'null'", reason: .null, value: Array("null".utf8)),
        Cell(sql: "'\\N'", reason: .null, value: Array("\\N".utf8)),
        Cell(sql: "''", reason: .blank, value: []),
        Cell(sql: "' '||char(9)", reason: .blank, value: [0x20, 0x09]),
        Cell(sql: "42", reason: .notText, value: Array("42".utf8)),
        Cell(sql: "-9223372036854775808", reason: .notText, value: Array("-9223372036854775808".utf8)),
        Cell(sql: "1.5", reason: .notText, value: Array("1.5".utf8)),
        Cell(sql: "x'616263'", reason: .notText, value: Array("abc".utf8)),
        Cell(sql: "x'00FF'", reason: .notText, value: [0x00, 0xFF]),
        Cell(sql: "x''", reason: .notText, value: []),
        Cell(sql: "'a'||char(0)||'b'", reason: .controlCharacter, value: [0x61, 0x00, 0x62]),
        Cell(sql: "CAST(x'610062' AS TEXT)", reason: .controlCharacter, value: [0x61, 0x00, 0x62]),
        Cell(sql: "char(10)||char(160)||char(65279)", reason: .blank, value: [0x0A, 0xC2, 0xA0, 0xEF, 0xBB, 0xBF]),
        Cell(sql: "'a'||char(10)||'b'", reason: .controlCharacter, value: [0x61, 0x0A, 0x62]),
        Cell(sql: "'a'||char(133)", reason: .controlCharacter, value: [0x61, 0xC2, 0x85]),
        Cell(sql: "CAST(x'61FF' AS TEXT)", reason: .badUTF8, value: [0x61, 0xFF]),
        Cell(sql: "CAST(x'EDA080' AS TEXT)", reason: .badUTF8, value: [0xED, 0xA0, 0x80]),
        Cell(
            sql: "replace(hex(zeroblob(65)), '0', 'x')", reason: .idTooLong, value: [UInt8](repeating: 0x78, count: 130)
        ),
        // A large cell is not copied completely.
        Cell(
            sql: "replace(hex(zeroblob(1000000)), '0', 'x')", reason: .idTooLong,
            value: [UInt8](repeating: 0x78, count: 200)),
        Cell(sql: "zeroblob(1000000)", reason: .notText, value: []),
    ])
    func `a row without an id is kept with its number and reason`(_ cell: Cell) async throws {
        let sql = "CREATE TABLE t(id); INSERT INTO t VALUES('good'),(\(cell.sql)),('better');"
        try await withDatabase(sql) { path in
            let spooled = try Spooled(database: path)
            #expect(spooled.ids == ids("good", "better"))
            #expect(spooled.rejections == [Rejection(line: 2, reason: cell.reason, value: cell.value)])
            #expect(spooled.source.rowsRead == 3)
            #expect(spooled.source.accepted == 2)
        }
    }

    @Test func `cells that look alike stay different`() async throws {
        let sql = """
            CREATE TABLE t(id TEXT COLLATE NOCASE); CREATE INDEX i ON t(id);
            INSERT INTO t VALUES('abc'),('ABC'),(' abc '),(char(233)),('e'||char(769)),('a'||char(160)||'b'),('abc'||char(10));
            """
        try await withDatabase(sql) { path in
            let spooled = try Spooled(database: path)
            #expect(spooled.ids == ids("abc", "ABC", "\u{E9}", "e\u{301}", "a\u{A0}b"))
            #expect(spooled.source.duplicates == 2)
            #expect(spooled.source.trimmed == 2)
        }
    }

    @Test func `trailing blanks do not merge ids of a RTRIM column`() async throws {
        let sql = """
            CREATE TABLE t(id TEXT COLLATE RTRIM UNIQUE, n);
            INSERT INTO t VALUES('\(bob)',1),('\(ada)',2),('\(eve)',3);
            """
        try await withDatabase(sql) { path in
            let spooled = try Spooled(database: path)
            #expect(spooled.ids == ids(bob, ada, eve))
        }
    }

    @Test(arguments: ["UTF-16le", "UTF-16be"])
    func `a database of sixteen bit text gives the same ids`(_ encoding: String) async throws {
        let sql = """
            PRAGMA encoding = '\(encoding)'; CREATE TABLE t(id TEXT);
            INSERT INTO t VALUES('abc=='),('абв'),(char(128512)),('a'||char(0)||'b');
            """
        try await withDatabase(sql) { path in
            let spooled = try Spooled(database: path)
            #expect(spooled.ids == ids("abc==", "абв", "\u{1F600}"))
            #expect(spooled.rejections == [Rejection(line: 4, reason: .controlCharacter, value: [0x61, 0x00, 0x62])])
        }
    }

    /// With a wide column beside the id, SQLite would prefer to scan the index.
    @Test func `rows keep the order of the table despite an index`() async throws {
        let names = (0..<3_000).map { "subscriber/" + String(($0 * 1_237) % 3_000 + 1_000) }
        let values = names.map { "('\($0)', zeroblob(90))" }.joined(separator: ",")
        let sql = """
            CREATE TABLE t(id TEXT UNIQUE, wide BLOB); CREATE INDEX other ON t(id DESC);
            INSERT INTO t VALUES\(values); ANALYZE;
            """
        try await withDatabase(sql) { path in
            let expected = names.map { Array($0.utf8) }
            let (found, named) = (try Spooled(database: path), try Spooled(database: path) { $0.table = "t" })
            #expect(found.ids == expected)
            #expect(named.ids == expected)
        }
    }
}
