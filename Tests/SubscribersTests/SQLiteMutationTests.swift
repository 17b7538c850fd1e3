import Files
import Foundation
import Journal
import Model
import Subscribers
import TestSupport
import Testing

/// Databases with randomly changed bytes: each gives rows or an error, and is not modified.
///
/// `VIBER_ROLLCALL_SQLITE_MUTATIONS` is the number of databases for each seed, `VIBER_ROLLCALL_SQLITE_SEED` the first
/// random seed.
@Suite(.needs("sqlite3")) struct SQLiteMutationTests {
    struct Seed: CustomTestStringConvertible {
        var testDescription: String
        var sql: String
        var table: String?
    }

    private static let rows = 200

    /// Ids of different length, some followed by a text that takes its own pages.
    private static let select = """
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(rows))
        SELECT 'subscriber/' || i || '==', CASE WHEN i % 40 = 0 THEN hex(zeroblob(900)) ELSE 'note' END FROM n
        """

    static let seeds = [
        Seed(testDescription: "plain", sql: "CREATE TABLE users(id TEXT, note TEXT); INSERT INTO users \(select);"),
        Seed(
            testDescription: "write-ahead log",
            sql: "PRAGMA journal_mode = WAL; CREATE TABLE users(id TEXT, note TEXT); INSERT INTO users \(select);"),
        Seed(
            testDescription: "indexes",
            sql: """
                CREATE TABLE users(id TEXT UNIQUE COLLATE NOCASE, note TEXT); INSERT INTO users \(select);
                CREATE INDEX by_note ON users(note, id) WHERE note <> 'x'; ANALYZE;
                """),
        Seed(
            testDescription: "without rowid",
            sql: "CREATE TABLE users(id TEXT PRIMARY KEY, note TEXT) WITHOUT ROWID; INSERT INTO users \(select);"),
        Seed(
            testDescription: "view",
            sql: """
                CREATE TABLE users(id TEXT, note TEXT); INSERT INTO users \(select);
                CREATE TABLE gone(id TEXT); INSERT INTO gone VALUES ('nobody');
                CREATE VIEW present AS SELECT id FROM users WHERE id NOT IN (SELECT id FROM gone);
                """,
            table: "present"),
        Seed(
            testDescription: "UTF-16",
            sql: """
                PRAGMA encoding = 'UTF-16le'; CREATE TABLE users(id TEXT /* \u{e9} */, note TEXT);
                INSERT INTO users \(select);
                """),
        Seed(
            testDescription: "several tables",
            sql: """
                PRAGMA auto_vacuum = FULL; CREATE TABLE chats(id INTEGER PRIMARY KEY, "user_id" TEXT);
                CREATE TABLE users(n, note, id TEXT GENERATED ALWAYS AS (n) STORED, low AS (lower(n)));
                INSERT INTO users(n, note) \(select); CREATE TABLE old(a, b); INSERT INTO old \(select); DROP TABLE old;
                CREATE VIEW broken AS SELECT x FROM nowhere;
                CREATE TRIGGER t AFTER DELETE ON users BEGIN DELETE FROM chats; END;
                """),
    ]

    @Test(arguments: seeds)
    func `a changed database gives rows or an error`(_ seed: Seed) async throws {
        try await withDatabase("PRAGMA page_size = 512; " + seed.sql) { path in
            let whole = try bytes(of: path)
            #expect(whole.count > 20 * 512)
            #expect(try Self.spool(path, of: seed) == Self.rows)
            let environment = ProcessInfo.processInfo.environment
            let count = environment["VIBER_ROLLCALL_SQLITE_MUTATIONS"].flatMap { Int($0) } ?? 100
            var random = SeededRandom(seed: environment["VIBER_ROLLCALL_SQLITE_SEED"].flatMap { UInt64($0) } ?? 1)
            var refused = 0
            for number in 0..<count {
                // Another name each time, so that a database does not find files that SQLite left beside an earlier
                // one.
                let other = "\(path).\(number)"
                let content = Self.changed(whole, using: &random)
                try write(content, to: other)
                if try Self.spool(other, of: seed) == nil { refused += 1 }
                #expect(try bytes(of: other) == content, "\(other)")
                try Self.clean(other)
            }
            #expect(count < 100 || (10..<count).contains(refused))
        }
    }

    /// The number of rows read; nil if the source is refused.
    private static func spool(_ path: String, of seed: Seed) throws -> Int? {
        var options = SourceOptions(path: path)
        options.table = seed.table
        let spoolPath = path + ".spool"
        defer { try? FileSystem.remove(spoolPath) }
        var rows = 0
        let source: RunSummary.Source
        do {
            source = try Spooling.run(
                SubscriberSource(options), spoolPath: spoolPath,
                check: {
                    rows += 1
                    if rows > 100 * Self.rows { throw Endless() }
                }, rejected: { _ in }
            ).source
        } catch is SourceError {
            return nil
        }
        #expect(source.rowsRead == rows)
        #expect(source.rowsRead == source.accepted + source.rejectedTotal)
        #expect(source.accepted == source.unique + source.duplicates)
        var spool = try SpoolReader(InputFile(opening: spoolPath), name: spoolPath)
        var ids = 0
        while try spool.next() { ids += 1 }
        #expect(ids == source.unique)
        return rows
    }

    /// Pages that point at each other in a circle.
    private struct Endless: Error {}

    /// Removes a database and the empty files that SQLite may leave beside one that had a write-ahead log.
    private static func clean(_ path: String) throws {
        let directory = String(path[...(path.lastIndex(of: "/") ?? path.startIndex)])
        for name in try FileSystem.list(directory) where (directory + name).hasPrefix(path) {
            #expect([path, path + "-wal", path + "-shm"].contains(directory + name), "\(name) was left")
            if name.hasSuffix("-wal") { #expect(try bytes(of: directory + name).isEmpty) }
            try FileSystem.remove(directory + name)
        }
    }

    /// One to three changes, often in the headers of the file and its pages.
    private static func changed(_ whole: [UInt8], using random: inout SeededRandom) -> [UInt8] {
        var content = whole
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let page = Int.random(in: 0..<whole.count / 512, using: &random)
            let offset =
                switch Int.random(in: 0..<4, using: &random) {
                case 0: Int.random(in: 0..<512, using: &random)
                case 1: Int.random(in: 16..<100, using: &random)
                case 2: page * 512 + Int.random(in: 0..<16, using: &random)
                default: Int.random(in: 0..<whole.count, using: &random)
                }
            switch Int.random(in: 0..<5, using: &random) {
            case 0, 1: content[offset] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 2: content[offset] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &random) ?? 0
            case 3:
                for index in offset..<min(offset + Int.random(in: 1...16, using: &random), whole.count) {
                    content[index] = UInt8.random(in: 0...255, using: &random)
                }
            default:
                let other = Int.random(in: 0..<whole.count / 512, using: &random)
                content.replaceSubrange(page * 512..<(page + 1) * 512, with: whole[other * 512..<(other + 1) * 512])
            }
        }
        return content
    }
}
