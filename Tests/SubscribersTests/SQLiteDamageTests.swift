import Subscribers
import TestSupport
import Testing

/// A database that cannot be read to its end yields no ids.
@Suite(.needs("python3")) struct SQLiteDamageTests {
    private static let pageSize = 1_024
    private static let rows = 900
    private static let sql = """
        PRAGMA page_size = \(pageSize); CREATE TABLE users(id TEXT, note TEXT);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(rows))
        INSERT INTO users SELECT 'subscriber/' || i || '==', 'note' FROM n;
        """

    private func expectDamage(_ content: [UInt8], at path: String, _ what: String) throws {
        try write(content, to: path)
        #expect("\(what)") {
            try Spooled(database: path)
        } throws: { error in
            guard case SourceError.damaged(let reason, _) = error else { return false }
            return !reason.isEmpty
        }
    }

    @Test func `a database overwritten on any page is an error`() async throws {
        try await withDatabase(Self.sql) { path in
            let whole = try bytes(of: path)
            let pages = whole.count / Self.pageSize
            #expect(pages > 20)
            #expect(try Spooled(database: path).ids.count == Self.rows)
            for page in 1..<pages {
                var content = whole
                for offset in page * Self.pageSize..<(page + 1) * Self.pageSize { content[offset] = 0xFF }
                try expectDamage(content, at: path, "page \(page + 1)")
            }
        }
    }

    @Test func `a truncated database is an error`() async throws {
        try await withDatabase(Self.sql) { path in
            let whole = try bytes(of: path)
            for length in [16, 100, 1_000, whole.count / 2, whole.count / 2 + 77, whole.count - Self.pageSize] {
                try expectDamage(Array(whole[..<length]), at: path, "\(length) bytes")
            }
        }
    }

    @Test func `an encrypted database looks damaged`() async throws {
        try await withTemporaryDirectory { directory in
            var random = SeededRandom(seed: 7)
            let noise = (0..<4_096).map { _ in UInt8.random(in: 0...255, using: &random) }
            try expectDamage(Array("SQLite format 3\0".utf8) + noise, at: directory + "/bot.sqlite", "noise")
        }
    }

    /// Only the lengths and types before an id are overwritten.
    @Test(arguments: [1, rows / 2, rows]) func `a database with one damaged row is an error`(_ row: Int) async throws {
        try await withDatabase(Self.sql) { path in
            var content = try bytes(of: path)
            let id = try #require(content.firstRange(of: Array("subscriber/\(row)==".utf8)))
            for offset in id.lowerBound - 4..<id.lowerBound { content[offset] = 0xFF }
            try expectDamage(content, at: path, "row \(row)")
        }
    }

    /// Rows are read from the table itself.
    @Test func `a damaged index does not hide a row`() async throws {
        try await withDatabase(
            Self.sql + "CREATE INDEX by_id ON users(id); CREATE UNIQUE INDEX both ON users(id, note);"
        ) {
            path in
            var content = try bytes(of: path)
            let pages = try await Tool.run(
                "sqlite3", [path, "SELECT pageno FROM dbstat WHERE name IN ('by_id', 'both')"])
            let numbers = pages.output.split(separator: "\n").compactMap { Int($0) }
            try #require(numbers.count > 10, "\(pages.error)")
            for page in numbers {
                for offset in (page - 1) * Self.pageSize..<page * Self.pageSize { content[offset] = 0xFF }
            }
            try write(content, to: path)
            let all = (1...Self.rows).map { Array("subscriber/\($0)==".utf8) }
            let (found, named) = (try Spooled(database: path), try Spooled(database: path) { $0.table = "users" })
            #expect(found.ids == all)
            #expect(named.ids == all)
        }
    }

    /// SQLite opens some of these, so they must not crash the process.
    @Test(arguments: [
        ("name = 5", nil), ("name = x'ff'", nil), ("name = NULL", nil), ("name = CAST(x'ff41' AS TEXT)", nil),
        ("sql = CAST(sql || CAST(x'2f2aff2a2f' AS TEXT) AS BLOB)", ["subscriber/1"]), ("type = CAST(type AS BLOB)", []),
    ])
    func `a schema with values of other types gives rows or an error`(_ change: String, _ expected: [String]?)
        async throws
    {
        let program = """
            import sqlite3, sys
            database = sqlite3.connect(sys.argv[1], isolation_level=None)
            database.execute("CREATE TABLE users(id TEXT)")
            database.execute("INSERT INTO users VALUES('subscriber/1')")
            database.execute("CREATE TABLE others(id TEXT)")
            database.execute("PRAGMA writable_schema = ON")
            database.execute("UPDATE sqlite_schema SET " + sys.argv[2] + " WHERE name = 'users'")
            """
        try await withTemporaryDirectory { directory in
            let path = directory + "/bot.sqlite"
            let result = try await Tool.python(program, [path, change])
            try #require(result.code == 0, "\(result.error)")
            if let expected {
                #expect(try Spooled(database: path).ids == expected.map { Array($0.utf8) })
            } else {
                try expectDamage(try bytes(of: path), at: path, change)
            }
        }
    }

    @Test func `a database with an unfinished transaction is not read`() async throws {
        let program = """
            import os, sqlite3, sys
            database = sqlite3.connect(sys.argv[1], isolation_level=None)
            database.execute("PRAGMA cache_size = 5")
            database.execute("CREATE TABLE users(id TEXT, note TEXT)")
            database.executemany("INSERT INTO users VALUES(?, ?)", [("subscriber/%d" % n, "x" * 500) for n in range(300)])
            database.execute("BEGIN")
            database.execute("UPDATE users SET id = 'half-' || id")
            os._exit(0)
            """
        try await withTemporaryDirectory { directory in
            let path = directory + "/bot.sqlite"
            let result = try await Tool.python(program, [path])
            try #require(result.code == 0, "\(result.error)")
            let (before, journal) = (try bytes(of: path), try bytes(of: path + "-journal"))
            try #require(String(decoding: before, as: UTF8.self).contains("half-"))
            #expect(throws: SourceError.needsRecovery(name: "bot.sqlite")) { try Spooled(database: path) }
            #expect(try bytes(of: path) == before)
            #expect(try bytes(of: path + "-journal") == journal)
        }
    }
}
