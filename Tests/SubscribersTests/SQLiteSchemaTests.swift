import Foundation
import Subscribers
import TestSupport
import Testing

/// Schemas that this SQLite library rejects as a whole although the file is not damaged: JSON functions before 3.41,
/// and schemas of a newer library or of an application.
@Suite(.needs("sqlite3")) struct SQLiteSchemaTests {
    private static let (first, second) = ("pU3KGCUwux1tEyze1iN7Lg==", "2R4/ch/LGXEXRJTWSTydXA==")
    private static let users = """
        CREATE TABLE users(raw TEXT, viber_id TEXT);
        INSERT INTO users VALUES('{"lang":"uk"}','\(first)'),('{"lang":"en"}','\(second)');

        """
    /// A table whose definition is changed without SQLite, to one that a newer library would have written.
    private static func newer(_ name: String, _ sql: String) -> String {
        """
        PRAGMA writable_schema = ON;
        UPDATE sqlite_schema SET sql = '\(sql.replacing("'", with: "''"))' WHERE name = '\(name)';
        """
    }

    @Test(arguments: [
        (
            "a generated column",
            """
            CREATE TABLE users(raw TEXT, viber_id TEXT GENERATED ALWAYS AS (json_extract(raw, '$.id')) VIRTUAL);
            INSERT INTO users VALUES('{"id":"\(first)"}'),('{"id":"\(second)"}');
            """
        ),
        (
            "a stored column",
            """
            CREATE TABLE users(raw TEXT, viber_id TEXT AS (raw ->> '$.id') STORED);
            INSERT INTO users VALUES('{"id":"\(first)"}'),('{"id":"\(second)"}');
            """
        ),
        ("an index", users + "CREATE INDEX i ON users(json_extract(raw, '$.lang'));"),
        ("a partial index", users + "CREATE INDEX i ON users(viber_id) WHERE json_valid(raw);"),
        (
            "a check",
            """
            CREATE TABLE users(raw TEXT CHECK (json_valid(raw)), viber_id TEXT);
            INSERT INTO users VALUES('{}','\(first)'),('{}','\(second)');
            """
        ),
        ("another table", users + "CREATE TABLE events(raw TEXT, kind TEXT AS (json_extract(raw, '$.kind')) STORED);"),
        ("a view beside the table", users + "CREATE VIEW v AS SELECT raw ->> '$.id' AS viber_id FROM users;"),
        (
            "a view of a newer library",
            users + "CREATE VIEW v AS SELECT 1 AS x FROM users;\n"
                + newer("v", "CREATE VIEW v AS SELECT string_agg(raw, ',' ORDER BY raw) AS x FROM users")
        ),
        (
            "an index with a function of a program",
            users + "CREATE INDEX i ON users(raw);\n"
                + newer("i", "CREATE INDEX i ON users(bot_rank(raw))")
        ),
        (
            "a trigger of a newer library",
            users
                + "CREATE TRIGGER t AFTER INSERT ON users BEGIN DELETE FROM users WHERE raw = 1; END;\n"
                + newer("t", "CREATE TRIGGER t AFTER INSERT ON users BEGIN SELECT 1 ORDER LIMIT BY; END")
        ),
    ])
    func `the table is read`(_ what: String, _ sql: String) async throws {
        try await withDatabase(sql) { path in
            for table in [nil, "users"] {
                let spooled = try Spooled(database: path) { $0.table = table }
                #expect(spooled.ids == ids(Self.first, Self.second), "\(what)")
                #expect(spooled.warnings.isEmpty, "\(what): \(spooled.warnings)")
            }
            let query = try Spooled(database: path) { $0.query = "SELECT viber_id FROM users" }
            #expect(query.ids == ids(Self.first, Self.second), "\(what)")
        }
    }

    @Test func `a view that calls JSON is read`() async throws {
        let sql = """
            CREATE TABLE raw(line TEXT); INSERT INTO raw VALUES('{"id":"\(Self.first)"}'),('{"id":"\(Self.second)"}');
            CREATE VIEW subscribers AS SELECT line ->> '$.id' AS viber_id, length(line) AS size FROM raw;
            CREATE VIEW each AS SELECT j.value AS id FROM raw, json_each(raw.line) AS j;
            """
        try await withDatabase(sql) { path in
            for table in ["subscribers", "each"] {
                let spooled = try Spooled(database: path) { $0.table = table }
                #expect(spooled.ids == ids(Self.first, Self.second), "\(table)")
            }
        }
    }

    /// If the table were read, the column would be null in every row.
    @Test(arguments: [
        ("bot_id(raw)", "no such function: bot_id"), ("load_extension(raw)", "prohibited in generated columns"),
        ("fts3_tokenizer(raw)", "prohibited in generated columns"),
    ])
    func `a table that cannot be parsed is reported with the reason`(_ call: String, _ reason: String) async throws {
        let sql =
            Self.users
            + Self.newer(
                "users", "CREATE TABLE users(raw TEXT, viber_id TEXT AS (\(call)) VIRTUAL)")
        try await withDatabase(sql) { path in
            for (table, query) in [(nil, nil), ("users", nil), (nil, "SELECT viber_id FROM users")]
                as [(String?, String?)]
            {
                let error = #expect(throws: SourceError.self) {
                    try Spooled(database: path) {
                        $0.table = table
                        $0.query = query
                    }
                }
                for words in ["'users'", reason, "not damaged"] {
                    #expect(error?.description.contains(words) == true, "\(error as Any)")
                }
            }
        }
    }

    /// Only JSON functions are allowed.
    @Test(arguments: [
        "load_extension('./x')", "rtreedepth(zeroblob(4))", "fts3_tokenizer('simple')", "snippet(raw)",
    ])
    func `harmful functions are not called beside JSON`(_ call: String) async throws {
        let sql =
            Self.users + """
                CREATE INDEX i ON users(json_extract(raw, '$.lang'));
                CREATE VIEW v AS SELECT 'id-' || \(call) || (raw ->> '$.lang') AS id FROM users;
                """
        try await withDatabase(sql) { path in
            let error = #expect(throws: SourceError.self) { try Spooled(database: path) { $0.table = "v" } }
            let description = error?.description ?? ""
            #expect(description.contains("unsafe use of") || description.contains("no such function"), "\(description)")
            let users = try Spooled(database: path) { $0.table = "users" }
            #expect(users.ids.count == 2)
        }
    }

    @Test func `a virtual table is not read by a view beside JSON`() async throws {
        let sql =
            Self.users + """
                CREATE INDEX i ON users(json_extract(raw, '$.lang'));
                CREATE VIRTUAL TABLE search USING fts5(viber_id); INSERT INTO search VALUES('\(Self.first)');
                CREATE VIEW v AS SELECT viber_id AS id FROM search;
                """
        try await withDatabase(sql) { path in
            #expect(throws: SourceError.self) { try Spooled(database: path) { $0.table = "v" } }
            let users = try Spooled(database: path)
            #expect(users.ids == ids(Self.first, Self.second))
        }
    }

    @Test func `no file is changed or made`() async throws {
        try await withDatabase(Self.users + "CREATE INDEX i ON users(json_extract(raw, '$.lang'));") { path in
            let before = try bytes(of: path)
            _ = try Spooled(database: path)
            #expect(try bytes(of: path) == before)
            let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["bot.sqlite"])
        }
    }

    /// A computed cell of 300 MB needs at most its own size in memory, and is rejected.
    @Test func `a cell that is longer than any ID is not copied`() async throws {
        let sql = """
            CREATE TABLE t(id TEXT); INSERT INTO t VALUES('\(Self.first)');
            CREATE VIEW v AS SELECT id FROM t UNION ALL SELECT zeroblob(300000000) UNION ALL SELECT printf('%900s', 'x');
            """
        try await withDatabase(sql) { path in
            let spooled = try Spooled(database: path) { $0.table = "v" }
            #expect(spooled.ids == ids(Self.first))
            #expect(spooled.rejections.map(\.reason) == [.notText, .idTooLong])
            #expect(spooled.rejections.allSatisfy { $0.value.count <= 200 })
        }
    }
}
