import Files
import Foundation
import Model
import Subscribers
import TestSupport
import Testing

@Suite(.needs("sqlite3")) struct SQLiteNamesTests {
    @Test(arguments: [
        (#"we"ird; DROP TABLE x--"#, #"id"x"#),
        ("select", "from"),
        ("it's", "a.b"),
        ("[a]", "`b`"),
        ("sp ace", ""),
        ("таблица", "имя"),
        ("t\nu", "%_\\"),
    ])
    func `names are used exactly as given`(_ table: String, _ column: String) async throws {
        func quoted(_ name: String) -> String { "\"" + name.replacing("\"", with: "\"\"") + "\"" }
        let sql = """
            CREATE TABLE x(n); CREATE TABLE \(quoted(table))(other TEXT, \(quoted(column)) TEXT);
            INSERT INTO \(quoted(table)) VALUES('no','\(ada)'),('no','\(bob)');
            """
        try await withDatabase(sql) { path in
            let before = try bytes(of: path)
            let spooled = try Spooled(database: path) {
                $0.table = table
                $0.column = column
            }
            #expect(spooled.ids == ids(ada, bob))
            #expect(spooled.source.column == column)
            #expect(try Spooled(database: path) { $0.column = column }.ids == ids(ada, bob))
            #expect(try bytes(of: path) == before)
        }
    }

    @Test func `a misspelled column is never a constant`() async throws {
        try await withDatabase("CREATE TABLE t(id TEXT, n); INSERT INTO t VALUES('a',1),('b',2);") { path in
            #expect(throws: SourceError.noSuchColumn("no_such", columns: ["id", "n"], name: "t of bot.sqlite")) {
                try Spooled(database: path) {
                    $0.table = "t"
                    $0.column = "no_such"
                }
            }
            #expect(throws: SourceError.noSuchColumn("no_such", columns: ["t.id", "t.n"], name: "bot.sqlite")) {
                try Spooled(database: path) { $0.column = "no_such" }
            }
            #expect {
                try Spooled(database: path) { $0.query = "SELECT \"no_such\" FROM t" }
            } throws: { error in
                guard case SourceError.badQuery(let reason, _) = error else { return false }
                return reason.contains("no_such")
            }
        }
    }

    @Test(arguments: [
        "sqlite_schema", "sqlite_master", "main.t", "temp.t", "t; DROP TABLE t", "(SELECT 1 AS id)", "t NATURAL JOIN t",
        "pragma_table_list", "pragma_table_info('t')", "json_each('[1]')", "dbstat", "\"t\"", "",
    ])
    func `only a table of the database is a table`(_ name: String) async throws {
        try await withDatabase("CREATE TABLE t(id TEXT); INSERT INTO t VALUES('a');") { path in
            let before = try bytes(of: path)
            #expect(throws: SourceError.noSuchTable(name, tables: ["t"], name: "bot.sqlite")) {
                try Spooled(database: path) { $0.table = name }
            }
            #expect(try bytes(of: path) == before)
        }
    }

    /// Table names of SQLite are case-insensitive.
    @Test func `the case of a table does not matter`() async throws {
        try await withDatabase("CREATE TABLE Users(id TEXT, n); INSERT INTO Users VALUES('\(ada)', 1);") { path in
            let spooled = try Spooled(database: path) { $0.table = "users" }
            #expect(spooled.ids == ids(ada))
        }
    }

    @Test(arguments: ["a b.db", "50%.db", "a?mode=memory", "a#b", "a%41.db", "ü.db"])
    func `any path is opened as a path`(_ name: String) async throws {
        try await withTemporaryDirectory { directory in
            let made = directory + "/made.db"
            try await makeDatabase(made, "CREATE TABLE t(id TEXT); INSERT INTO t VALUES('a');")
            try FileSystem.rename(made, to: directory + "/" + name)
            let spooled = try Spooled(database: directory + "/" + name)
            #expect(spooled.ids == ids("a"))
            #expect(spooled.source.name == name)
            #expect(try FileSystem.list(directory) == [name])
        }
    }

    @Test func `a path that begins like a URI is a path`() async throws {
        // Such a path is relative, so the file has to be in the working directory.
        let path = "file:viber-rollcall-test-\(UUID().uuidString)?mode=memory"
        defer { try? FileSystem.remove("./" + path) }
        try await withDatabase("CREATE TABLE t(id TEXT); INSERT INTO t VALUES('a');") { made in
            try write(try bytes(of: made), to: "./" + path)
        }
        let spooled = try Spooled(database: path)
        #expect(spooled.ids == ids("a"))
        #expect(spooled.source.name == path)
    }
}
