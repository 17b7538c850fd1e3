import Testing

/// Schemas in which bots store their subscribers, with and without frameworks.
@Suite struct RealSQLiteSchemaTests {
    private static let id = RealFormIDs.id

    @Test(arguments: [
        RealDatabase(
            what: "ObjectIds of MongoDB as _id",
            sql: "CREATE TABLE users(_id TEXT PRIMARY KEY, viber_id TEXT);"
                + insert("users") { "'507f1f77bcf86cd7994390\($0 + 10)', '\(id($0))'" },
            column: "viber_id"),
        RealDatabase(
            what: "ULIDs under the more specific name",
            sql: "CREATE TABLE users(user_id TEXT PRIMARY KEY, id TEXT);"
                + insert("users") { "'01ARZ3NDEKTSV4RRFFQ69G5F\($0 + 10)', '\(id($0))'" },
            column: "id"),
        RealDatabase(
            what: "UUIDs as user_id",
            sql: "CREATE TABLE subscriptions(user_id TEXT, viber_id TEXT, since TEXT);"
                + insert("subscriptions") { "'840a497b-f9b0-4d47-8f83-6f06e13317\($0 + 10)', '\(id($0))', 'x'" },
            column: "viber_id"),
        RealDatabase(
            what: "phone numbers as the more specific name",
            sql: "CREATE TABLE contacts(id TEXT, user_id TEXT, name TEXT);"
                + insert("contacts") { "'\(id($0))', '+\(PersonalData.phone)', '\(PersonalData.name)'" },
            column: "id"),
        RealDatabase(
            what: "hashes as user_id",
            sql: "CREATE TABLE contacts(id TEXT, user_id TEXT);"
                + insert("contacts") { "'\(id($0))', '9e107d9d372bb6826bd81d3542a419d6ffff\($0 + 10)'" },
            column: "id"),
        RealDatabase(
            what: "without rowid and strict",
            sql: "CREATE TABLE users(n INTEGER PRIMARY KEY, viber_id TEXT NOT NULL) STRICT, WITHOUT ROWID;"
                + insert("users") { "\($0), '\(id($0))'" },
            column: "viber_id"),
        RealDatabase(
            what: "a generated column",
            sql: """
                CREATE TABLE users(raw TEXT, viber_id TEXT GENERATED ALWAYS AS
                (json_extract(raw, '$.sender.id')) VIRTUAL);
                """ + insert("users(raw)") { "'{\"sender\":{\"id\":\"\(id($0))\",\"name\":\"\(PersonalData.name)\"}}'" }
            ,
            column: "viber_id"),
        RealDatabase(
            what: "a stored generated column that is the more specific one",
            sql: """
                CREATE TABLE users(id INTEGER PRIMARY KEY, raw TEXT, receiver TEXT AS (substr(raw, 4)) STORED);
                """ + insert("users(id, raw)") { "\($0), 'id:\(id($0))'" },
            column: "receiver"),
        RealDatabase(
            what: "a table beside views of it",
            sql: """
                CREATE TABLE users(id INTEGER PRIMARY KEY, viber_id TEXT, active INTEGER);
                CREATE VIEW active_users AS SELECT viber_id FROM users WHERE active;
                CREATE VIEW viber_ids AS SELECT viber_id AS id FROM users;
                """ + insert("users") { "\($0), '\(id($0))', \($0 % 2)" },
            column: "viber_id"),
        RealDatabase(
            what: "only a view has a known name",
            sql: """
                CREATE TABLE events(body TEXT, at TEXT);
                CREATE VIEW subscribers AS SELECT substr(body, 4) AS viber_id, at FROM events;
                """ + insert("events") { "'id:\(id($0))', '2026-11-21'" },
            column: "viber_id"),
        RealDatabase(
            what: "an old table without rows",
            sql: "CREATE TABLE old_users(viber_id TEXT); CREATE TABLE users(id TEXT, name TEXT);"
                + insert("users") { "'\(id($0))', '\(PersonalData.name)'" },
            column: "id"),
        RealDatabase(
            what: "tables without any row",
            sql: "CREATE TABLE chats(user_id TEXT); CREATE TABLE users(id INTEGER PRIMARY KEY, viber_id TEXT);",
            column: "viber_id", count: 0, warnings: ["no rows"]),
        RealDatabase(
            what: "full-text search",
            sql: """
                CREATE TABLE subscribers(id TEXT PRIMARY KEY, name TEXT);
                CREATE VIRTUAL TABLE subscribers_fts USING fts5(id, name);
                """
                    + insert("subscribers") { "'\(id($0))', '\(PersonalData.name)'" }
                    + "INSERT INTO subscribers_fts SELECT id, name FROM subscribers;",
            column: "id"),
        // SQLite knows which tables belong to a virtual table (pragma_table_list, type 'shadow').
        RealDatabase(
            what: "a table whose name begins with the name of a virtual table",
            sql: """
                CREATE VIRTUAL TABLE bot USING fts5(body);
                CREATE TABLE bot_users(id INTEGER PRIMARY KEY, viber_id TEXT);
                """ + insert("bot_users") { "\($0), '\(id($0))'" },
            column: "viber_id"),
        RealDatabase(
            what: "a column called 'Viber ID'",
            sql: "CREATE TABLE import(\"Row\" INTEGER, \"Viber ID\" TEXT, \"E-mail\" TEXT);"
                + insert("import") { "\($0), '\(id($0))', '\(PersonalData.email)'" },
            column: "Viber ID"),
        RealDatabase(
            what: "a column called viber-id",
            sql: "CREATE TABLE import(id INTEGER, \"viber-id\" TEXT);" + insert("import") { "\($0), '\(id($0))'" },
            column: "viber-id"),
        RealDatabase(
            what: "a column called ViberID",
            sql: "CREATE TABLE import(ID INTEGER, ViberID TEXT);" + insert("import") { "\($0), '\(id($0))'" },
            column: "ViberID"),
        RealDatabase(
            what: "names in Cyrillic around it",
            sql: "CREATE TABLE \"Підписники\"(\"№\" INTEGER, \"Ім'я\" TEXT, id TEXT);"
                + insert("\"Підписники\"") { "\($0), '\(PersonalData.name)', '\(id($0))'" },
            column: "id"),
        RealDatabase(
            what: "columns without a type",
            sql: "CREATE TABLE users AS SELECT 0 AS id, '' AS viber_id WHERE 0;"
                + insert("users") { "\($0), '\(id($0))'" },
            column: "viber_id"),
        RealDatabase(
            what: "numbers stored as text under the more specific name",
            sql: "CREATE TABLE users(viber_id TEXT, user_id TEXT);" + insert("users") { "'\($0)', '\(id($0))'" },
            column: "user_id"),
        RealDatabase(
            what: "a messages table with row numbers of users",
            sql: """
                CREATE TABLE users(id INTEGER PRIMARY KEY, viber_id TEXT);
                CREATE TABLE messages(id INTEGER PRIMARY KEY, user_id INTEGER, receiver INTEGER, text TEXT);
                """
                    + insert("users") { "\($0), '\(id($0))'" }
                    + insert("messages") { "\($0), \($0), \($0), '\(PersonalData.phone)'" },
            column: "viber_id"),
        RealDatabase(
            what: "one id in twelve as a BLOB",
            sql: "CREATE TABLE users(viber_id, name TEXT);" + insert("users", 11) { "'\(id($0))', 'x'" }
                + "INSERT INTO users VALUES(CAST('\(id(20))' AS BLOB), '\(PersonalData.name)');",
            column: "viber_id", count: 11, warnings: ["BLOB"]),
        RealDatabase(
            what: "the first 9,000 rows without an id",
            sql: """
                CREATE TABLE users(id INTEGER PRIMARY KEY, viber_id TEXT);
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000)
                INSERT INTO users SELECT i, NULL FROM n;
                """ + insert("users") { "\($0 + 9_000), '\(id($0))'" },
            column: "viber_id", warnings: ["rejected"]),
        RealDatabase(
            what: "one cell in ten something else",
            sql: "CREATE TABLE users(id INTEGER PRIMARY KEY, viber_id);"
                + insert("users", 9) { "\($0), '\(id($0))'" } + "INSERT INTO users VALUES(10, 17);",
            column: "viber_id", count: 9),
    ])
    func `the column with the ids is found`(_ database: RealDatabase) async throws { try await database.check() }
}
