import Foundation
import Subscribers
import TestSupport
import Testing

/// A database that is written while it is read: the rows are those at the start of reading.
@Suite(.needs("sqlite3")) struct SQLiteChangeTests {
    private static let count = 3_000
    private static let all = (1...count).map { Array("subscriber/\($0)".utf8) }

    private static func sql(_ mode: String) -> String {
        """
        PRAGMA journal_mode = \(mode); CREATE TABLE users(id TEXT, note TEXT);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count))
        INSERT INTO users SELECT 'subscriber/' || i, hex(zeroblob(50)) FROM n;
        """
    }

    /// Changes a database from another process.
    private func change(_ path: String, _ sql: String) throws -> (code: Int32, error: String) {
        let (process, error) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["sqlite3", "-batch", "-bail", path, "PRAGMA busy_timeout = 0; " + sql]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = error
        try process.run()
        let said = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, said)
    }

    @Test(arguments: [
        "DELETE FROM users WHERE id > 'subscriber/2'; INSERT INTO users VALUES('new', ''); UPDATE users SET id = 'x' || id;",
        "DELETE FROM users; PRAGMA wal_checkpoint(TRUNCATE);",
        "ALTER TABLE users RENAME COLUMN id TO viber_id;",
        "ALTER TABLE users DROP COLUMN note;",
        "ALTER TABLE users RENAME TO people;",
        "DROP TABLE users; CREATE TABLE users(id TEXT); INSERT INTO users VALUES('new');",
        "DROP TABLE users; VACUUM;",
    ])
    func `rows written while reading are not seen`(_ sql: String) async throws {
        try await withDatabase(Self.sql("WAL")) { path in
            let spooled = try Spooled(SourceOptions(path: path)) { row in
                guard row == 10 else { return }
                let changed = try change(path, sql)
                #expect(changed.code == 0, "\(changed.error)")
            }
            #expect(spooled.ids == Self.all)
        }
    }

    /// Without a write-ahead log a writer waits for a reader; it continues when the source was read, before the first
    /// request.
    @Test func `a writer without a log has to wait until all is read`() async throws {
        try await withDatabase(Self.sql("DELETE")) { path in
            let delete = "DELETE FROM users WHERE id <> 'subscriber/7';"
            let spooled = try Spooled(SourceOptions(path: path)) { row in
                guard row == 10 || row == Self.count else { return }
                let refused = try change(path, delete)
                #expect(refused.error.contains("database is locked"))
            }
            #expect(spooled.ids == Self.all)
            let changed = try change(path, delete)
            #expect(changed.code == 0, "\(changed.error)")
            #expect(try Spooled(database: path).ids == ids("subscriber/7"))
        }
    }
}
