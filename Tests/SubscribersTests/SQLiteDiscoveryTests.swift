import Model
import Subscribers
import TestSupport
import Testing

@Suite struct SQLiteDiscoveryTests {
    struct Found: Sendable, CustomTestStringConvertible {
        var what: String
        var sql: String
        var table: String?
        var column: String?
        /// The column that is expected to be read.
        var name: String

        var testDescription: String { what }
    }

    /// In each of them the ids `a` and `b` are the right ones.
    @Test(arguments: [
        Found(
            what: "the only table with a known column",
            sql: """
                CREATE TABLE log(n, at); CREATE TABLE users(name TEXT, id TEXT);
                INSERT INTO users VALUES('x','a'),('y','b');
                """,
            name: "id"),
        Found(
            what: "a known name in any case",
            sql: "CREATE TABLE users(Viber_ID TEXT); INSERT INTO users VALUES('a'),('b');",
            name: "Viber_ID"),
        Found(
            what: "an integer id beside a Viber id",
            sql: """
                CREATE TABLE users(id INTEGER PRIMARY KEY AUTOINCREMENT, viber_id TEXT);
                INSERT INTO users(viber_id) VALUES('a'),('b');
                """,
            name: "viber_id"),
        Found(
            what: "the same, with the table named",
            sql: """
                CREATE TABLE users(id INTEGER PRIMARY KEY, viber_id TEXT); INSERT INTO users VALUES(1,'a'),(2,'b');
                CREATE TABLE other(id TEXT); INSERT INTO other VALUES('x');
                """,
            table: "users", name: "viber_id"),
        Found(
            what: "the only table whose known column holds text",
            sql: """
                CREATE TABLE a(id INTEGER); INSERT INTO a VALUES(1);
                CREATE TABLE users(user_id TEXT); INSERT INTO users VALUES('a'),('b');
                """,
            name: "user_id"),
        Found(
            what: "the most telling of several known columns",
            sql: "CREATE TABLE users(receiver TEXT, user_id TEXT); INSERT INTO users VALUES('x','a'),('y','b');",
            name: "user_id"),
        Found(
            what: "the only table with the column asked for",
            sql: """
                CREATE TABLE a(id TEXT); INSERT INTO a VALUES('x');
                CREATE TABLE users(who TEXT); INSERT INTO users VALUES('a'),('b');
                """,
            column: "who", name: "who"),
        Found(
            what: "the only column of the table asked for",
            sql: "CREATE TABLE users(who TEXT); INSERT INTO users VALUES('a'),('b');",
            table: "users", name: "who"),
        Found(
            what: "a view, if it is asked for",
            sql: """
                CREATE TABLE users(who TEXT, gone); INSERT INTO users VALUES('a',0),('x',1),('b',0);
                CREATE VIEW active AS SELECT who AS viber_id, gone FROM users WHERE NOT gone;
                """,
            table: "active", name: "viber_id"),
        Found(
            what: "a view of two tables",
            sql: """
                CREATE TABLE users(nr INTEGER, who TEXT); INSERT INTO users VALUES(1,'a'),(2,'x'),(3,'b');
                CREATE TABLE active(nr INTEGER); INSERT INTO active VALUES(1),(3);
                CREATE VIEW both AS SELECT who AS id FROM active JOIN users USING (nr) ORDER BY nr;
                """,
            table: "both", name: "id"),
        Found(
            what: "a table without rowid",
            sql: "CREATE TABLE users(id TEXT PRIMARY KEY) WITHOUT ROWID; INSERT INTO users VALUES('b'),('a');",
            name: "id"),
        Found(
            what: "a generated column of a strict table",
            sql: """
                CREATE TABLE users(raw TEXT, id TEXT GENERATED ALWAYS AS (substr(raw, 2)) VIRTUAL) STRICT;
                INSERT INTO users VALUES('-a'),('-b');
                """,
            name: "id"),
        Found(
            what: "not the shadow tables of a virtual table",
            sql: """
                CREATE VIRTUAL TABLE search USING fts5(id); INSERT INTO search VALUES('x');
                CREATE TABLE users(id TEXT); INSERT INTO users VALUES('a'),('b');
                """,
            name: "id"),
        Found(
            what: "beside a view of something that is gone",
            sql: """
                CREATE VIEW stale AS SELECT id FROM gone; CREATE VIEW strange AS SELECT no_such_function(id) FROM users;
                CREATE TABLE users(id TEXT); INSERT INTO users VALUES('a'),('b');
                """,
            name: "id"),
        Found(
            what: "the table asked for, beside a view of something that is gone",
            sql: """
                CREATE VIEW stale AS SELECT id FROM gone;
                CREATE TABLE users(id TEXT); INSERT INTO users VALUES('a'),('b');
                """,
            table: "users", name: "id"),
        Found(
            what: "beside a virtual table whose module is not here",
            sql: """
                CREATE TABLE users(id TEXT); INSERT INTO users VALUES('a'),('b');
                PRAGMA writable_schema = ON;
                INSERT INTO sqlite_schema
                VALUES('table','geo','geo',0,'CREATE VIRTUAL TABLE geo USING no_such_module(id)');
                """,
            name: "id"),
    ])
    func theColumnWithTheIdsIsFound(_ found: Found) async throws {
        try await withDatabase(found.sql) { path in
            let spooled = try Spooled(database: path) {
                $0.table = found.table
                $0.column = found.column
            }
            #expect(spooled.ids == ids("a", "b"))
            #expect(spooled.source.column == found.name)
            #expect(spooled.source.kind == "sqlite")
            #expect(spooled.source.name == "bot.sqlite")
        }
    }

    @Test func anEmptyTableIsARunOfNobody() async throws {
        try await withDatabase("CREATE TABLE users(id TEXT, name TEXT);") { path in
            let spooled = try Spooled(database: path)
            #expect(spooled.ids.isEmpty)
            #expect(spooled.warnings.count == 1)
        }
    }

    @Test func aTableOfNumbersIsTheWrongColumn() async throws {
        try await withDatabase("CREATE TABLE users(id INTEGER); INSERT INTO users VALUES(1),(2);") { path in
            #expect(throws: SourceError.everyRowRejected(rows: 2, reasons: "not_text 2", name: "bot.sqlite")) {
                try Spooled(database: path)
            }
        }
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        var sql: String
        var table: String?
        var column: String?
        var error: SourceError

        var testDescription: String { "\(sql) --table \(table ?? "-") --column \(column ?? "-")" }
    }

    private static let two = """
        CREATE TABLE b(id TEXT); INSERT INTO b VALUES('x'); CREATE TABLE a(id TEXT, n); INSERT INTO a VALUES('y', 1);
        """

    @Test(arguments: [
        Refusal(sql: two, error: .needsTable(tables: ["a", "b"], name: "bot.sqlite")),
        Refusal(sql: two, column: "id", error: .needsTable(tables: ["a", "b"], name: "bot.sqlite")),
        Refusal(sql: two, table: "c", error: .noSuchTable("c", tables: ["a", "b"], name: "bot.sqlite")),
        Refusal(sql: two, table: "A", error: .noSuchTable("A", tables: ["a", "b"], name: "bot.sqlite")),
        Refusal(
            sql: two, column: "who", error: .noSuchColumn("who", columns: ["a.id", "a.n", "b.id"], name: "bot.sqlite")),
        Refusal(
            sql: two, table: "a", column: "idd",
            error: .noSuchColumn("idd", columns: ["id", "n"], name: "a of bot.sqlite")),
        Refusal(
            sql: "CREATE TABLE t(a, b);", table: "t",
            error: .needsColumn(columns: ["a", "b"], name: "t of bot.sqlite")),
        Refusal(sql: "CREATE TABLE t(a, b);", error: .needsTable(tables: ["t"], name: "bot.sqlite")),
        Refusal(sql: "CREATE VIEW v AS SELECT 'x' AS id;", error: .needsTable(tables: [], name: "bot.sqlite")),
        Refusal(
            sql: two, table: "sqlite_schema",
            error: .noSuchTable("sqlite_schema", tables: ["a", "b"], name: "bot.sqlite")),
        Refusal(
            sql: two, table: "a WHERE n", error: .noSuchTable("a WHERE n", tables: ["a", "b"], name: "bot.sqlite")),
    ])
    func whatCannotBeDecidedIsRefusedWithWhatThereIs(_ refusal: Refusal) async throws {
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
    func aTableThatCannotBeReadIsRefusedByItsName(_ table: String, _ sql: String) async throws {
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
