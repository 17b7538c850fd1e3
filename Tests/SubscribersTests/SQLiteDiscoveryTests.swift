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
        /// The expected column.
        var name: String

        var testDescription: String { what }
    }

    /// In each of them the expected ids are those of Ada and Bob.
    @Test(arguments: [
        Found(
            what: "the only table with a known column",
            sql: """
                CREATE TABLE log(n, at); CREATE TABLE users(name TEXT, id TEXT);
                INSERT INTO users VALUES('x','\(ada)'),('y','\(bob)');
                """,
            name: "id"),
        Found(
            what: "a known name in any case",
            sql: "CREATE TABLE users(Viber_ID TEXT); INSERT INTO users VALUES('\(ada)'),('\(bob)');",
            name: "Viber_ID"),
        Found(
            what: "an integer id beside a Viber id",
            sql: """
                CREATE TABLE users(id INTEGER PRIMARY KEY AUTOINCREMENT, viber_id TEXT);
                INSERT INTO users(viber_id) VALUES('\(ada)'),('\(bob)');
                """,
            name: "viber_id"),
        Found(
            what: "the same, with the table named",
            sql: """
                CREATE TABLE users(id INTEGER PRIMARY KEY, viber_id TEXT); INSERT INTO users VALUES(1,'\(ada)'),(2,'\(bob)');
                CREATE TABLE other(id TEXT); INSERT INTO other VALUES('x');
                """,
            table: "users", name: "viber_id"),
        Found(
            what: "the only table whose known column looks like Viber ids",
            sql: """
                CREATE TABLE a(id INTEGER); INSERT INTO a VALUES(1);
                CREATE TABLE c(id TEXT, viber_id); INSERT INTO c VALUES('3fa85f6457174562b3fc2c963f66afa6','380501234567');
                CREATE TABLE d(viber_id TEXT, n);
                CREATE TABLE users(user_id TEXT); INSERT INTO users VALUES('\(ada)'),('\(bob)');
                """,
            name: "user_id"),
        Found(
            what: "the most specific of several known columns",
            sql: """
                CREATE TABLE users(id TEXT, receiver TEXT, user_id TEXT);
                INSERT INTO users VALUES('\(eve)','\(ada)','\(eve)'),('\(eve)','\(bob)','\(eve)');
                """,
            name: "receiver"),
        Found(
            what: "the most specific of those that look like Viber ids",
            sql: """
                CREATE TABLE users(viber_id, id TEXT, receiver TEXT);
                INSERT INTO users VALUES(1,'\(ada)','x'),(2,'\(bob)','y');
                """,
            name: "id"),
        Found(
            what: "the only table with the requested column",
            sql: """
                CREATE TABLE a(id TEXT); INSERT INTO a VALUES('x');
                CREATE TABLE users(who TEXT); INSERT INTO users VALUES('\(ada)'),('\(bob)');
                """,
            column: "who", name: "who"),
        Found(
            what: "the table in which the requested column looks like Viber ids",
            sql: """
                CREATE TABLE a(id TEXT); INSERT INTO a VALUES('x'); CREATE TABLE b(id INTEGER, n);
                CREATE TABLE users(id TEXT, n); INSERT INTO users VALUES('\(ada)',1),('\(bob)',2);
                """,
            column: "id", name: "id"),
        Found(
            what: "the only column of the requested table",
            sql: "CREATE TABLE users(who TEXT); INSERT INTO users VALUES('\(ada)'),('\(bob)');",
            table: "users", name: "who"),
        Found(
            what: "a view, if it is requested",
            sql: """
                CREATE TABLE users(who TEXT, gone); INSERT INTO users VALUES('\(ada)',0),('x',1),('\(bob)',0);
                CREATE VIEW active AS SELECT who AS viber_id, gone FROM users WHERE NOT gone;
                """,
            table: "active", name: "viber_id"),
        Found(
            what: "a view, if no table has a column with a known name",
            sql: """
                CREATE TABLE users(who TEXT, gone); INSERT INTO users VALUES('\(ada)',0),('x',1),('\(bob)',0);
                CREATE VIEW active AS SELECT who AS viber_id, gone FROM users WHERE NOT gone;
                """,
            name: "viber_id"),
        Found(
            what: "a table rather than a view",
            sql: """
                CREATE TABLE users(id TEXT, n); INSERT INTO users VALUES('\(ada)',0),('\(bob)',0);
                CREATE VIEW other AS SELECT '\(eve)' AS viber_id;
                """,
            name: "id"),
        Found(
            what: "not the tables of a framework",
            sql: """
                CREATE TABLE sessions(id TEXT, user_id TEXT); INSERT INTO sessions VALUES('\(eve)','\(eve)');
                CREATE TABLE Django_Session(id TEXT); INSERT INTO Django_Session VALUES('\(eve)');
                CREATE TABLE bot_migrations(id TEXT); INSERT INTO bot_migrations VALUES('\(eve)');
                CREATE TABLE users(id TEXT, n); INSERT INTO users VALUES('\(ada)',0),('\(bob)',0);
                """,
            name: "id"),
        Found(
            what: "a table of a framework, if it is requested",
            sql: "CREATE TABLE sessions(id TEXT, n); INSERT INTO sessions VALUES('\(ada)',0),('\(bob)',0);",
            table: "sessions", name: "id"),
        Found(
            what: "the one column of the one table",
            sql: "CREATE TABLE users(who TEXT); INSERT INTO users VALUES('\(ada)'),('\(bob)');",
            name: "who"),
        Found(
            what: "a view of two tables",
            sql: """
                CREATE TABLE users(nr INTEGER, who TEXT); INSERT INTO users VALUES(1,'\(ada)'),(2,'x'),(3,'\(bob)');
                CREATE TABLE active(nr INTEGER); INSERT INTO active VALUES(1),(3);
                CREATE VIEW both AS SELECT who AS id FROM active JOIN users USING (nr) ORDER BY nr;
                """,
            table: "both", name: "id"),
        Found(
            what: "a table without rowid",
            sql: """
                CREATE TABLE users(id TEXT PRIMARY KEY) WITHOUT ROWID;
                INSERT INTO users VALUES('\(bob)'),('\(ada)');
                """,
            name: "id"),
        Found(
            what: "a generated column of a strict table",
            sql: """
                CREATE TABLE users(raw TEXT, id TEXT GENERATED ALWAYS AS (substr(raw, 2)) VIRTUAL) STRICT;
                INSERT INTO users VALUES('-\(ada)'),('-\(bob)');
                """,
            name: "id"),
        Found(
            what: "not the shadow tables of a virtual table",
            sql: """
                CREATE VIRTUAL TABLE search USING fts5(id); INSERT INTO search VALUES('x');
                CREATE TABLE users(id TEXT); INSERT INTO users VALUES('\(ada)'),('\(bob)');
                """,
            name: "id"),
        Found(
            what: "beside a view of a table that no longer exists",
            sql: """
                CREATE VIEW stale AS SELECT id FROM gone; CREATE VIEW strange AS SELECT no_such_function(id) FROM users;
                CREATE TABLE users(id TEXT); INSERT INTO users VALUES('\(ada)'),('\(bob)');
                """,
            name: "id"),
        Found(
            what: "the requested table, beside a view of a table that no longer exists",
            sql: """
                CREATE VIEW stale AS SELECT id FROM gone;
                CREATE TABLE users(id TEXT); INSERT INTO users VALUES('\(ada)'),('\(bob)');
                """,
            table: "users", name: "id"),
        Found(
            what: "beside a virtual table whose module is missing",
            sql: """
                CREATE TABLE users(id TEXT); INSERT INTO users VALUES('\(ada)'),('\(bob)');
                PRAGMA writable_schema = ON;
                INSERT INTO sqlite_schema
                VALUES('table','geo','geo',0,'CREATE VIRTUAL TABLE geo USING no_such_module(id)');
                """,
            name: "id"),
    ])
    func `the column with the ids is found`(_ found: Found) async throws {
        try await withDatabase(found.sql) { path in
            let spooled = try Spooled(database: path) {
                $0.table = found.table
                $0.column = found.column
            }
            #expect(spooled.ids == ids(ada, bob))
            #expect(spooled.warnings.isEmpty)
            #expect(spooled.source.column == found.name)
            #expect(spooled.source.kind == "sqlite")
            #expect(spooled.source.name == "bot.sqlite")
        }
    }

    @Test func `an empty table is a run without ids`() async throws {
        try await withDatabase("CREATE TABLE users(id TEXT, name TEXT);") { path in
            let spooled = try Spooled(database: path)
            #expect(spooled.ids.isEmpty)
            #expect(spooled.warnings.count == 1)
        }
    }

    @Test func `the most specific name of empty tables is chosen`() async throws {
        let sql = "CREATE TABLE users(id TEXT, name TEXT); CREATE TABLE bot(Viber_Id TEXT, name);"
        try await withDatabase(sql) { path in
            let spooled = try Spooled(database: path)
            #expect(spooled.source.column == "Viber_Id")
            #expect(spooled.ids.isEmpty)
        }
    }

    @Test func `a table of numbers is the wrong column`() async throws {
        try await withDatabase("CREATE TABLE users(id INTEGER); INSERT INTO users VALUES(1),(2);") { path in
            #expect(throws: SourceError.everyRowRejected(rows: 2, reasons: "not_text 2", name: "bot.sqlite")) {
                try Spooled(database: path)
            }
        }
    }
}
