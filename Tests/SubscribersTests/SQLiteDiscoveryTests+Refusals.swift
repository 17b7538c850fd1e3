import TestSupport
import Testing

@testable import Subscribers

extension SQLiteDiscoveryTests {
    struct Refusal: Sendable, CustomTestStringConvertible {
        var sql: String
        var table: String?
        var column: String?
        var error: SourceError

        var testDescription: String { "\(sql) --table \(table ?? "-") --column \(column ?? "-")" }
    }

    private static let two = """
        CREATE TABLE b(id TEXT); INSERT INTO b VALUES('\(ada)');
        CREATE TABLE a(id TEXT, n); INSERT INTO a VALUES('\(bob)', 1);
        """
    private static let several = SourceError.severalTables(columns: ["a.id", "b.id"], name: "bot.sqlite")

    @Test(arguments: [
        Refusal(sql: two, error: several),
        Refusal(sql: two, column: "id", error: several),
        Refusal(sql: two, table: "c", error: .noSuchTable("c", tables: ["a", "b"], name: "bot.sqlite")),
        Refusal(
            sql: two, column: "who", error: .noSuchColumn("who", columns: ["a.id", "a.n", "b.id"], name: "bot.sqlite")),
        Refusal(
            sql: two, table: "a", column: "idd",
            error: .noSuchColumn("idd", columns: ["id", "n"], name: "a of bot.sqlite")),
        Refusal(
            sql: "CREATE TABLE t(a, b);", table: "t",
            error: .noKnownColumn(columns: ["t.a", "t.b"], others: [], name: "bot.sqlite")),
        Refusal(
            sql: "CREATE TABLE t(a, b); INSERT INTO t VALUES('x', '\(ada)');",
            error: .noKnownColumn(
                columns: ["t.a", "t.b"], others: [.init(described: "t.b", column: "b")], name: "bot.sqlite")),
        Refusal(
            sql: "CREATE TABLE t(id, b); INSERT INTO t VALUES(1, '\(ada)'), (NULL, '\(bob)');",
            error: .noColumnLooksRight(
                candidates: [.init(column: "t.id", content: "whole numbers", isBlobs: false)],
                others: [.init(described: "t.b", column: "b")],
                name: "bot.sqlite")),
        Refusal(
            sql: "CREATE TABLE t(id, b); INSERT INTO t VALUES(CAST('\(ada)' AS BLOB), 1);",
            error: .noColumnLooksRight(
                candidates: [.init(column: "t.id", content: "BLOBs", isBlobs: true)], others: [], name: "bot.sqlite")),
        // Tables without rows: the most specific name, if there is one.
        Refusal(sql: "CREATE TABLE a(id); CREATE TABLE b(id); CREATE TABLE c(n);", error: several),
        Refusal(
            sql: """
                CREATE TABLE t(n); CREATE VIEW a AS SELECT '\(ada)' AS id; CREATE VIEW b AS SELECT '\(bob)' AS id;
                CREATE VIEW c AS SELECT 1 AS viber_id;
                """, error: several),
        Refusal(
            sql: "CREATE TABLE t(\"user_id\" TEXT, UserID TEXT); INSERT INTO t VALUES('\(ada)', '\(bob)');",
            error: .severalColumns(columns: ["t.user_id", "t.UserID"], name: "bot.sqlite")),
        Refusal(
            sql: "CREATE TABLE sessions(id TEXT); INSERT INTO sessions VALUES('\(ada)');",
            error: .needsTable(tables: ["sessions"], name: "bot.sqlite")),
        Refusal(
            sql: "CREATE VIRTUAL TABLE search USING fts5(id, name);",
            error: .needsTable(
                tables: ["search (virtual table)"]
                    + ["config", "content", "data", "docsize", "idx"].map { "search_\($0)" },
                name: "bot.sqlite")),
        Refusal(
            sql: two, table: "sqlite_schema",
            error: .noSuchTable("sqlite_schema", tables: ["a", "b"], name: "bot.sqlite")),
        Refusal(
            sql: two, table: "a WHERE n", error: .noSuchTable("a WHERE n", tables: ["a", "b"], name: "bot.sqlite")),
    ])
    func `an ambiguous database is refused with its columns`(_ refusal: Refusal) async throws {
        try await withDatabase(refusal.sql) { path in
            #expect(throws: refusal.error) {
                try Spooled(database: path) {
                    $0.table = refusal.table
                    $0.column = refusal.column
                }
            }
        }
    }

    @Test(arguments: [
        ("search", "CREATE VIRTUAL TABLE search USING fts5(id, name); INSERT INTO search VALUES('x','y');"),
        ("stale", "CREATE TABLE gone(id TEXT); CREATE VIEW stale AS SELECT id FROM gone; DROP TABLE gone;"),
        ("strange", "CREATE TABLE t(id TEXT); CREATE VIEW strange AS SELECT no_such_function(id) AS id FROM t;"),
    ])
    func `the error names a table that cannot be read`(_ table: String, _ sql: String) async throws {
        try await withDatabase(sql) { path in
            #expect {
                try Spooled(database: path) { $0.table = table }
            } throws: { error in
                guard case SourceError.unreadableTable(table, _, "bot.sqlite") = error else { return false }
                return true
            }
        }
    }
}
