import Files
import Foundation
import TestSupport
import Testing

/// Databases to which a bot writes.
@Suite(.needs("python3")) struct SQLiteLiveTests {
    /// Writes 100 rows to the database and 50 to its write-ahead log, and holds it open until its input ends.
    private static let writer = """
        import os, sqlite3, sys
        database = sqlite3.connect(sys.argv[1], isolation_level=None)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA wal_autocheckpoint = 0")
        database.execute("CREATE TABLE users(id TEXT)")
        database.executemany("INSERT INTO users VALUES(?)", [("subscriber/%d" % n,) for n in range(100)])
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.execute("BEGIN")
        database.executemany("INSERT INTO users VALUES(?)", [("subscriber/%d" % n,) for n in range(100, 150)])
        database.execute("COMMIT")
        if len(sys.argv) > 2:
            database.execute("BEGIN IMMEDIATE")
            database.execute("INSERT INTO users VALUES('not yet')")
        os.write(1, b"ready\\n")
        sys.stdin.read()
        """

    /// Runs `body` while another process has the database open.
    private func withWriter(
        _ arguments: [String] = [],
        _ body: (_ directory: String, _ path: String) throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/bot.sqlite"
            let (input, output) = (Pipe(), Pipe())
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = [Tool.python, "-c", Self.writer, path] + arguments
            process.standardInput = input
            process.standardOutput = output
            try process.run()
            defer {
                try? input.fileHandleForWriting.close()
                process.waitUntilExit()
            }
            try #require(output.fileHandleForReading.availableData == Data("ready\n".utf8))
            try body(directory, path)
        }
    }

    private static let all = (0..<150).map { Array("subscriber/\($0)".utf8) }

    @Test(arguments: [[], ["in a transaction"]])
    func `rows that are only in the log are seen and nothing changes`(_ arguments: [String]) async throws {
        try await withWriter(arguments) { directory, path in
            let names = try FileSystem.list(directory)
            let (database, log) = (try bytes(of: path), try bytes(of: path + "-wal"))
            #expect(!log.isEmpty)
            #expect(try Spooled(database: path).ids == Self.all)
            #expect(try bytes(of: path) == database)
            #expect(try bytes(of: path + "-wal") == log)
            #expect(try FileSystem.list(directory) == names)
        }
    }

    @Test func `the database is free for its writer afterwards`() async throws {
        try await withWriter { _, path in _ = try Spooled(database: path) }
        try await withDatabase("CREATE TABLE t(id TEXT); INSERT INTO t VALUES('a');") { path in
            _ = try Spooled(database: path)
            try await makeDatabase(path, "PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE; INSERT INTO t VALUES('b'); COMMIT;")
            #expect(try Spooled(database: path).ids == ids("a", "b"))
        }
    }

    @Test func `an idle database keeps its bytes`() async throws {
        let sql = "PRAGMA journal_mode = WAL; CREATE TABLE t(id TEXT); INSERT INTO t VALUES('a'),('b');"
        try await withDatabase(sql) { path in
            let before = try bytes(of: path)
            #expect(try Spooled(database: path).ids == ids("a", "b"))
            #expect(try bytes(of: path) == before)
            for sidecar in ["-wal", "-shm"] where FileSystem.exists(path + sidecar) {
                try FileSystem.remove(path + sidecar)
            }
            #expect(try Spooled(database: path).ids == ids("a", "b"))
        }
    }

    @Test func `reading leaves no file beside a database without a log`() async throws {
        try await withDatabase("CREATE TABLE t(id TEXT); INSERT INTO t VALUES('a');") { path in
            let directory = String(path.dropLast("/bot.sqlite".count))
            let before = try bytes(of: path)
            _ = try Spooled(database: path)
            #expect(try FileSystem.list(directory) == ["bot.sqlite"])
            #expect(try bytes(of: path) == before)
        }
    }
}
