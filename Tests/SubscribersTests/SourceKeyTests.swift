import Files
import Foundation
import Model
import TestSupport
import Testing

@testable import Subscribers

/// When two runs have the same source.
@Suite(.needs("sqlite3")) struct SourceKeyTests {
    private func key(
        _ path: String,
        kind: String = "csv",
        query: String? = nil,
        table: String? = nil,
        column: String = "id"
    ) -> String {
        var options = SourceOptions(path: path)
        options.query = query
        return SourceKey.key(kind: kind, options: options, table: table, column: column)
    }

    @Test func `it is the hash of kind path table and column`() {
        #expect(key("/data/list.csv") == Checksum.sha256(Array("csv\0/data/list.csv\0\0id".utf8)))
        #expect(
            key("/data/bot.db", kind: "sqlite", table: "users", column: "viber_id")
                == Checksum.sha256(Array("sqlite\0/data/bot.db\0users\0viber_id".utf8)))
        #expect(
            key("/data/bot.db", kind: "sqlite", query: "SELECT 1", column: "1")
                == Checksum.sha256(Array("sqlite\0/data/bot.db\0SELECT 1\01".utf8)))
        #expect(key("-") == Checksum.sha256(Array("csv\0stdin\0\0id".utf8)))
    }

    @Test(arguments: ["/data/./list.csv", "//data//list.csv", "/data/old/../list.csv", "/../data/list.csv"])
    func `the same path however it is written gives the same key`(_ path: String) {
        #expect(key(path) == key("/data/list.csv"))
    }

    @Test func `a relative path is one in the working directory`() {
        let here = FileManager.default.currentDirectoryPath
        #expect(key("list.csv") == key(here + "/list.csv"))
        #expect(key("a/../list.csv") == key(here + "/list.csv"))
    }

    @Test func `anything that differs gives another key`() {
        let keys = [
            key("/data/list.csv"), key("/data/other.csv"), key("/data/list.csv", kind: "sqlite"),
            key("/data/list.csv", column: "ID"), key("/data/list.csv", table: "users"),
            key("/data/list.csv", query: "SELECT id FROM users"), key("-"), key("/stdin"),
            key("/data/list.csvid", column: ""),
            key(FilePaths.text([0x2F, 0xFF])), key(FilePaths.text([0x2F, 0xFE])), key("/\\xFF"), key("/\u{e9}"),
            key("/e\u{301}"),
        ]
        #expect(Set(keys).count == keys.count)
    }

    /// A link has its own path, since its target may change.
    @Test func `spooling gives the key of what was read`() async throws {
        try await withTemporaryDirectory { directory in
            try write("name,viber_id\nx,\(ada)\n", to: directory + "/list.csv")
            let spooled = try Spooled(SourceOptions(path: directory + "/./list.csv"))
            #expect(spooled.source.key == key(directory + "/list.csv", column: "viber_id"))
            let database = directory + "/bot.sqlite"
            try await makeDatabase(database, "CREATE TABLE users(id TEXT); INSERT INTO users VALUES('\(ada)');")
            let found = try Spooled(database: database)
            #expect(found.source.key == key(database, kind: "sqlite", table: "users"))
            #expect(try Spooled(database: database) { $0.table = "users" }.source.key == found.source.key)
            let query = "SELECT id FROM users"
            let asked = try Spooled(database: database) { $0.query = query }
            #expect(asked.source.key == key(database, kind: "sqlite", query: query))
        }
    }
}
