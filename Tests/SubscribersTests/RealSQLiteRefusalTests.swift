import Subscribers
import Testing

/// Ambiguous databases: a run with the wrong column would report all subscribers as unavailable.
@Suite struct RealSQLiteRefusalTests {
    private static let id = RealFormIDs.id

    struct Doubt: Sendable, CustomTestStringConvertible {
        var what: String
        var sql: String
        /// What the user needs to decide.
        var says: [String]

        var testDescription: String { what }
    }

    @Test(arguments: [
        Doubt(
            what: "receivers of messages beside users",
            sql: "CREATE TABLE users(viber_id TEXT, n); CREATE TABLE messages(id INTEGER, receiver TEXT);"
                + insert("users") { "'\(id($0))', 1" } + insert("messages") { "\($0), '\(id($0))'" },
            says: ["users.viber_id", "messages.receiver", "--table"]),
        Doubt(
            what: "states of a dialogue by user_id beside users",
            sql: "CREATE TABLE fsm(chat_id TEXT, user_id TEXT, state TEXT); CREATE TABLE users(id TEXT, name TEXT);"
                + insert("fsm") { "'\(id($0))', '\(id($0))', 's'" }
                + insert("users") { "'\(id($0))', '\(PersonalData.name)'" },
            says: ["fsm.user_id", "users.id", "--table"]),
        Doubt(
            what: "two spellings of one name",
            sql: "CREATE TABLE users(viber_id TEXT, viberId TEXT);"
                + insert("users") { "'\(id($0))', '\(id($0 + 50))'" },
            says: ["users.viber_id", "users.viberId", "--column"]),
        Doubt(
            what: "row numbers and phone numbers only",
            sql: "CREATE TABLE clients(id INTEGER PRIMARY KEY, user_id TEXT, name TEXT);"
                + insert("clients") { "\($0), '\(PersonalData.phone)', '\(PersonalData.name)'" },
            says: ["'clients.id' holds whole numbers", "'clients.user_id' holds phone numbers"]),
        Doubt(
            what: "UUIDs only",
            sql: "CREATE TABLE users(id TEXT, name TEXT);"
                + insert("users") { "'840a497b-f9b0-4d47-8f83-6f06e13317\($0 + 10)', '\(PersonalData.name)'" },
            says: ["'users.id' holds UUIDs"]),
        Doubt(
            what: "e-mail addresses as user_id",
            sql: "CREATE TABLE users(user_id TEXT, name TEXT);"
                + insert("users") { "'\(PersonalData.email)\($0)', '\(PersonalData.name)'" },
            says: ["'users.user_id' holds e-mail addresses"]),
        Doubt(
            what: "chat_id, which is not a known name",
            sql: "CREATE TABLE chats(chat_id TEXT, name TEXT);"
                + insert("chats") { "'\(id($0))', '\(PersonalData.name)'" },
            says: ["'chats.chat_id' looks right", "--column 'chat_id'", "chats.name"]),
        Doubt(
            what: "an unknown name beside row numbers",
            sql: "CREATE TABLE bot_user(id INTEGER PRIMARY KEY, vb_ident TEXT);"
                + insert("bot_user") { "\($0), '\(id($0))'" },
            says: ["'bot_user.id' holds whole numbers", "'bot_user.vb_ident' looks right", "--column 'vb_ident'"]),
        Doubt(
            what: "names in Cyrillic",
            sql: "CREATE TABLE \"Користувач\"(\"Ідентифікатор\" TEXT, \"Ім'я\" TEXT);"
                + insert("\"Користувач\"") { "'\(id($0))', '\(PersonalData.name)'" },
            says: ["Ідентифікатор' looks right", "--column 'Ідентифікатор'", "Ім'я"]),
        Doubt(
            what: "a column with a dot in its name",
            sql: "CREATE TABLE events(\"sender.id\" TEXT, \"sender.name\" TEXT);"
                + insert("events") { "'\(id($0))', '\(PersonalData.name)'" },
            says: ["events.sender.id", "--column 'sender.id'"]),
        Doubt(
            what: "ObjectIds only",
            sql: "CREATE TABLE users(_id TEXT, name TEXT);"
                + insert("users") { "'507f1f77bcf86cd7994390\($0 + 10)', '\(PersonalData.name)'" },
            says: ["'users._id' holds ids of another kind"]),
        Doubt(
            what: "ids as BLOBs",
            sql: "CREATE TABLE users(id INTEGER PRIMARY KEY, viber_id BLOB);"
                + insert("users") { "\($0), CAST('\(id($0))' AS BLOB)" },
            says: ["'users.viber_id' holds BLOBs", "CAST"]),
        Doubt(
            what: "half of the ids as BLOBs",
            sql: "CREATE TABLE users(id INTEGER PRIMARY KEY, viber_id);"
                + insert("users") { $0 % 2 == 0 ? "\($0), '\(id($0))'" : "\($0), CAST('\(id($0))' AS BLOB)" },
            says: ["users.viber_id", "users.id"]),
        Doubt(
            what: "two views",
            sql: """
                CREATE TABLE events(body TEXT, kind TEXT); CREATE VIEW seen AS SELECT body AS user_id, kind FROM events;
                CREATE VIEW subscribed AS SELECT body AS user_id, kind FROM events WHERE kind = 'in';
                """ + insert("events") { "'\(id($0))', 'in'" },
            says: ["seen.user_id", "subscribed.user_id"]),
        Doubt(
            what: "eleven cells in a hundred something else",
            sql: "CREATE TABLE users(n INTEGER PRIMARY KEY, viber_id TEXT);"
                + insert("users", 89) { "\($0), '\(id($0))'" }
                + insert("users", 11) { "\($0 + 100), '\(PersonalData.name)'" },
            says: ["users.viber_id", "--column"]),
        Doubt(
            what: "two empty tables with one name",
            sql: "CREATE TABLE a(id INTEGER, viber_id TEXT); CREATE TABLE b(viber_id TEXT);",
            says: ["a.viber_id", "b.viber_id"]),
        Doubt(
            what: "tables of a framework only",
            sql: "CREATE TABLE sessions(id TEXT, user_id TEXT); INSERT INTO sessions VALUES('\(id(1))', '\(id(2))');",
            says: ["sessions", "--table"]),
        Doubt(
            what: "WordPress, where the ids are values of a key",
            sql: """
                CREATE TABLE wp_users(ID INTEGER PRIMARY KEY, user_login TEXT, user_email TEXT);
                CREATE TABLE wp_usermeta(umeta_id INTEGER, user_id INTEGER, meta_key TEXT, meta_value TEXT);
                """
                    + insert("wp_users") { "\($0), '\(PersonalData.name)', '\(PersonalData.email)'" }
                    + insert("wp_usermeta") { "\($0), \($0), 'viber_id', '\(id($0))'" },
            says: [
                "'wp_users.ID' holds whole numbers", "'wp_usermeta.meta_value' looks right", "--column 'meta_value'",
            ]),
        Doubt(
            what: "settings only",
            sql:
                "CREATE TABLE settings(key, value); INSERT INTO settings VALUES('owner', '\(PersonalData.name)');",
            says: ["settings.key", "settings.value", "--column"]),
        Doubt(
            what: "an empty table of subscribers beside one of clients",
            sql: "CREATE TABLE viber_users(viber_id TEXT, name TEXT); CREATE TABLE clients(id INTEGER, phone TEXT);"
                + insert("clients") { "\($0), '\(PersonalData.phone)'" },
            says: ["'clients.id' holds whole numbers"]),
        Doubt(
            what: "a column of ids that were never filled in",
            sql: "CREATE TABLE users(id INTEGER, viber_id TEXT);" + insert("users") { "\($0), NULL" },
            says: ["'users.viber_id' holds no values", "'users.id' holds whole numbers"]),
        Doubt(
            what: "ids that follow 10,000 rows without one",
            sql: """
                CREATE TABLE users(n INTEGER PRIMARY KEY, viber_id TEXT);
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
                INSERT INTO users SELECT i, '' FROM n;
                """ + insert("users") { "\($0 + 10_000), '\(id($0))'" },
            says: ["users.viber_id"]),
    ])
    func `an ambiguous database is refused with its columns`(_ doubt: Doubt) async throws {
        try await withDatabase(doubt.sql) { path in
            let error = #expect(throws: SourceError.self) { try Spooled(database: path) }
            let description = error?.description ?? ""
            for text in doubt.says { #expect(description.contains(text)) }
            #expect(PersonalData.found(in: description).isEmpty, "\(description)")
        }
    }
}
