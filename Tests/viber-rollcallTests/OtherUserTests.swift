import Files
import Foundation
import TestSupport
import Testing

/// Sources that the user of the run may read and not write, as root would not notice.
@Suite(.needs("setpriv"), .needs("sqlite3")) struct OtherUserTests {
    /// Runs the binary as nobody, with a database in a directory that belongs to root.
    private func run(
        _ sql: String,
        prepare: (_ database: String) throws -> Void = { _ in }
    ) async throws -> (result: ToolResult, names: [String]) {
        try await withTemporaryDirectory { directory in
            let (home, out) = (directory + "/home", directory + "/out")
            for path in [home, out] { try Directories.make(path) }
            let database = home + "/bot.sqlite"
            let made = try await Tool.run("sqlite3", ["-batch", "-bail", database], input: Array(sql.utf8))
            try #require(made.code == 0, "\(made.error)")
            try prepare(database)
            // The binary stands where nobody else may look.
            try FileManager.default.copyItem(atPath: Program.path, toPath: directory + "/viber-rollcall")
            for (path, mode) in [(directory, 0o755), (home, 0o755), (out, 0o777)] {
                try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            }
            for name in try Directories.list(home) {
                try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: home + "/" + name)
            }
            return try await Program.withSandbox(["--try-later", "0"]) { sandbox in
                let result = try await Tool.run(
                    "setpriv",
                    [
                        "--reuid", "65534", "--regid", "65534", "--clear-groups", directory + "/viber-rollcall",
                        database,
                        "--base-url", sandbox.url, "--output-dir", out + "/reports", "--json",
                    ], in: "/", environment: ["VIBER_AUTH_TOKEN": Program.canary])
                return (result, try Directories.list(home))
            }
        }
    }

    private static let logged =
        "PRAGMA journal_mode = WAL; CREATE TABLE users(id TEXT); "
        + "INSERT INTO users VALUES('a'),('b'),('c');"

    private func removeSidecars(_ database: String) throws {
        for name in ["-wal", "-shm"] { try Directories.remove(database + name) }
    }

    @Test func anIdleDatabaseWithALogIsReadAsOneThatNobodyWrites() async throws {
        let (result, names) = try await run(Self.logged, prepare: removeSidecars)
        #expect(result.code == 0, "\(result.error)")
        #expect(result.output.contains(#""unique":3"#))
        #expect(result.error.contains("it was read as a database that nobody writes to"))
        #expect(names == ["bot.sqlite"])
    }

    @Test func rowsInALogThatCannotBeReadAreNotLeftOut() async throws {
        let (result, names) = try await run(Self.logged) { database in
            try removeSidecars(database)
            try write([UInt8](repeating: 7, count: 4_152), to: database + "-wal")
        }
        #expect(result.code == 65, "\(result.error)")
        #expect(result.error.contains("has rows in its write-ahead log that this user cannot read"))
        #expect(names == ["bot.sqlite", "bot.sqlite-wal"])
    }

    @Test func aListThatMayNotBeReadIsToldSo() async throws {
        let (result, _) = try await run("CREATE TABLE users(id TEXT);") { database in
            try Directories.remove(database)
            try Directories.make(database)
        }
        #expect(result.code == 66, "\(result.error)")
        #expect(result.error.contains("is a directory"))
    }
}
