import Model
import Subscribers
import TestSupport
import Testing

@Suite struct SQLiteQueryTests {
    private static let sql = """
        CREATE TABLE users(id TEXT, n INTEGER); INSERT INTO users VALUES('a',1),('b',2),('c',3),('b',4);
        CREATE TABLE gone(id TEXT); INSERT INTO gone VALUES('c');
        """

    @Test(arguments: [
        ("SELECT id FROM users", ["a", "b", "c"], "id"),
        ("select id AS who, n from users where n > 1 order by n desc", ["b", "c"], "who"),
        ("  SELECT id FROM users WHERE id NOT IN (SELECT id FROM gone);  ", ["a", "b"], "id"),
        ("WITH kept AS (SELECT id FROM users EXCEPT SELECT id FROM gone) SELECT id FROM kept", ["a", "b"], "id"),
        ("VALUES ('x'), ('y')", ["x", "y"], "column1"),
    ])
    func `one select is read`(_ query: String, _ expected: [String], _ column: String) async throws {
        try await withDatabase(Self.sql) { path in
            let spooled = try Spooled(database: path) { $0.query = query }
            #expect(spooled.ids == expected.map { Array($0.utf8) })
            #expect(spooled.source.column == column)
            #expect(spooled.source.rowsRead == spooled.source.accepted)
        }
    }

    @Test(arguments: [
        "",
        "DELETE FROM users",
        "DELETE FROM users RETURNING id",
        "WITH x AS (SELECT 1) DELETE FROM users RETURNING id",
        "INSERT INTO users VALUES('x', 9) RETURNING id",
        "UPDATE users SET id = 'x' RETURNING id",
        "DROP TABLE users",
        "PRAGMA journal_mode = WAL",
        "PRAGMA table_list",
        // Comments as SQLite ends them: the statement is the PRAGMA.
        "/*/ select 1 */ pragma table_list",
        "-- x\r select\npragma table_list",
        "-- x\u{2028}select\npragma table_list",
        "/* select */ -- select\n (pragma table_list)",
        "ATTACH 'other.db' AS other",
        "VACUUM INTO 'copy.db'",
        "EXPLAIN SELECT id FROM users",
        "SELECT id FROM users; SELECT id FROM gone",
        "SELECT id FROM users; DELETE FROM users",
        "SELECT id FROM",
        "SELECT nothing FROM users",
        "SELECT id FROM nowhere",
        "SELECT id FROM users WHERE n = ?",
        "SELECT load_extension('x')",
        "SELECT no_such_function(id) FROM users",
    ])
    func `everything else is refused and changes nothing`(_ query: String) async throws {
        try await withDatabase(Self.sql) { path in
            let before = try bytes(of: path)
            #expect {
                try Spooled(database: path) { $0.query = query }
            } throws: { error in
                guard case SourceError.badQuery(let reason, "bot.sqlite") = error else { return false }
                return !reason.isEmpty
            }
            #expect(try bytes(of: path) == before)
        }
    }

    @Test func `a query that fails halfway is an error`() async throws {
        try await withDatabase(Self.sql) { path in
            let query = "SELECT CASE WHEN n < 3 THEN id ELSE json('{') END FROM users"
            #expect {
                try Spooled(database: path) { $0.query = query }
            } throws: { error in
                guard case SourceError.badQuery(let reason, _) = error else { return false }
                return reason.contains("malformed JSON")
            }
        }
    }

    @Test func `rows of a query are validated like others`() async throws {
        try await withDatabase(Self.sql) { path in
            let spooled = try Spooled(database: path) {
                $0.query = "SELECT id FROM users UNION ALL SELECT n FROM users"
            }
            #expect(spooled.ids == ids("a", "b", "c"))
            #expect(spooled.rejections.map(\.line) == [5, 6, 7, 8])
            #expect(spooled.rejections.allSatisfy { $0.reason == .notText })
        }
    }
}
