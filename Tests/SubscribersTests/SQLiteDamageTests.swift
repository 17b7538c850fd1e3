import Files
import Model
import Subscribers
import TestSupport
import Testing

/// A database that cannot be read to its end gives no ids at all.
@Suite(.needs("python3")) struct SQLiteDamageTests {
    private static let pageSize = 1_024
    private static let rows = 900
    private static let sql = """
        PRAGMA page_size = \(pageSize); CREATE TABLE users(id TEXT, note TEXT);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(rows))
        INSERT INTO users SELECT 'subscriber-' || i || '==', 'note' FROM n;
        """

    private func expectDamage(_ content: [UInt8], at path: String, _ what: String) throws {
        try write(content, to: path)
        #expect("\(what)") {
            try Spooled(database: path)
        } throws: { error in
            guard case SourceError.damaged(let why, _) = error else { return false }
            return !why.isEmpty
        }
    }

    @Test func aDatabaseOverwrittenOnAnyPageIsAnError() async throws {
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

    @Test func aDatabaseThatWasCutIsAnError() async throws {
        try await withDatabase(Self.sql) { path in
            let whole = try bytes(of: path)
            for length in [16, 100, 1_000, whole.count / 2, whole.count / 2 + 77, whole.count - Self.pageSize] {
                try expectDamage(Array(whole[..<length]), at: path, "\(length) bytes")
            }
        }
    }

    @Test func anEncryptedDatabaseLooksDamaged() async throws {
        try await withTemporaryDirectory { directory in
            var random = SeededRandom(seed: 7)
            let noise = (0..<4_096).map { _ in UInt8.random(in: 0...255, using: &random) }
            try expectDamage(Array("SQLite format 3\0".utf8) + noise, at: directory + "/bot.sqlite", "noise")
        }
    }

    @Test func aTransactionThatDiedHalfwayIsNotReadAsIfItHadNot() async throws {
        let program = """
            import os, sqlite3, sys
            database = sqlite3.connect(sys.argv[1], isolation_level=None)
            database.execute("PRAGMA cache_size = 5")
            database.execute("CREATE TABLE users(id TEXT, note TEXT)")
            database.executemany("INSERT INTO users VALUES(?, ?)", [("id-%d" % n, "x" * 500) for n in range(300)])
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
            #expect(throws: SourceError.self) { try Spooled(database: path) }
            #expect(try bytes(of: path) == before)
            #expect(try bytes(of: path + "-journal") == journal)
        }
    }
}
