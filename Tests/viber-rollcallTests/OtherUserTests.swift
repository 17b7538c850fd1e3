import Files
import Foundation
import TestSupport
import Testing

/// Sources of another user, with and without permission to read or write. Root would bypass the permissions.
@Suite(.needs("setpriv"), .needs("sqlite3"), .needs("python3")) struct OtherUserTests {
    private static let (root, nobody) = (0, 65_534)

    /// The result of a run.
    private struct Ended {
        var result: ToolResult
        /// The files beside the source, and their owners.
        var owners: [String: Int]
    }

    /// Runs the binary with a source in a directory of its own.
    ///
    /// `prepare` creates the source as root. Then the directory and its files get the owner `owner`, and the files get
    /// the mode `mode`.
    private func run(
        _ name: String = "bot.sqlite",
        by user: Int = nobody,
        owner: Int = root,
        mode: Int = 0o644,
        prepare: (_ source: String) async throws -> Void
    ) async throws -> Ended {
        try await withTemporaryDirectory { directory in
            let files = FileManager.default
            let (home, out) = (directory + "/home", directory + "/out")
            for path in [home, out] { try FileSystem.make(path) }
            try await prepare(home + "/" + name)
            // Other users cannot read the directory of the binary.
            try files.copyItem(atPath: Program.path, toPath: directory + "/viber-rollcall")
            for (path, mode) in [(directory, 0o755), (home, 0o755), (out, 0o777)] {
                try files.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            }
            for name in try FileSystem.list(home) {
                try files.setAttributes(
                    [.posixPermissions: mode, .ownerAccountID: owner, .groupOwnerAccountID: owner],
                    ofItemAtPath: home + "/" + name)
            }
            try files.setAttributes([.ownerAccountID: owner], ofItemAtPath: home)
            return try await Program.withSandbox(["--try-later", "0"]) { sandbox in
                let result = try await Tool.run(
                    "setpriv",
                    [
                        "--reuid", "\(user)", "--regid", "\(user)", "--clear-groups", directory + "/viber-rollcall",
                        // Two leading slashes mean the same as one.
                        "/" + home + "/" + name,
                        "--base-url", sandbox.url, "--output-dir", out + "/reports", "--json",
                    ], in: "/", environment: ["VIBER_AUTH_TOKEN": Program.canary])
                var owners: [String: Int] = [:]
                for name in try FileSystem.list(home) {
                    owners[name] = try files.attributesOfItem(atPath: home + "/" + name)[.ownerAccountID] as? Int
                }
                return Ended(result: result, owners: owners)
            }
        }
    }

    private func make(_ database: String, _ sql: String) async throws {
        let made = try await Tool.run("sqlite3", ["-batch", "-bail", database], input: Array(sql.utf8))
        try #require(made.code == 0, "\(made.error)")
    }

    /// Three rows, and a log without rows.
    private func makeLogged(_ database: String) async throws {
        let sql =
            "PRAGMA journal_mode = WAL; CREATE TABLE users(id TEXT); INSERT INTO users VALUES('a'),('b'),('c');"
            + "PRAGMA wal_checkpoint(TRUNCATE);"
        try await make(database, sql)
        try removeSidecars(of: database, ["-wal", "-shm"])
    }

    /// Three rows, and two more that are only in the log.
    private func makeUnmerged(_ database: String) async throws {
        let made = try await Tool.python(
            """
            import os, sqlite3, sys
            database = sqlite3.connect(sys.argv[1], isolation_level=None)
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("CREATE TABLE users(id TEXT)")
            database.execute("INSERT INTO users VALUES('a'),('b'),('c')")
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            database.execute("INSERT INTO users VALUES('d'),('e')")
            os._exit(0)
            """, [database])
        try #require(made.code == 0, "\(made.error)")
    }

    private func removeSidecars(of database: String, _ sidecars: [String]) throws {
        for sidecar in sidecars where FileSystem.exists(database + sidecar) {
            try FileSystem.remove(database + sidecar)
        }
    }

    @Test(arguments: ["bot.sqlite", "b o?t#1%41.sqlite", "file:bot.sqlite?mode=memory", "bø&t=.db"])
    func `an idle database with a log is read as immutable`(_ name: String) async throws {
        let ended = try await run(name, prepare: makeLogged)
        #expect(ended.result.code == 0, "\(ended.result.error)")
        #expect(ended.result.output.contains(#""unique":3"#))
        #expect(ended.result.error.contains("it was read as a database that no process writes to"))
        #expect(ended.owners == [name: Self.root])
    }

    @Test func `rows in a log that cannot be read are not left out`() async throws {
        let ended = try await run { database in
            try await makeUnmerged(database)
            try removeSidecars(of: database, ["-shm"])
        }
        #expect(ended.result.code == 65, "\(ended.result.error)")
        #expect(ended.result.error.contains("has rows in its write-ahead log that this user cannot read"))
        #expect(ended.owners.keys.sorted() == ["bot.sqlite", "bot.sqlite-wal"])
    }

    @Test func `rows in a log that can be read are read`() async throws {
        let ended = try await run(prepare: makeUnmerged)
        #expect(ended.result.code == 0, "\(ended.result.error)")
        #expect(ended.result.output.contains(#""unique":5"#))
    }

    /// Files that SQLite creates beside a database must not lock out its writer: run as its owner, or as root.
    @Test(arguments: [nobody, root]) func `files made beside a database belong to its owner`(_ user: Int) async throws {
        for make in [makeLogged, makeUnmerged] {
            let ended = try await run(by: user, owner: Self.nobody, prepare: make)
            #expect(ended.result.code == 0, "\(ended.result.error)")
            #expect(ended.owners["bot.sqlite"] == Self.nobody)
            #expect(ended.owners.values.allSatisfy { $0 == Self.nobody }, "\(ended.owners)")
        }
    }

    @Test(arguments: ["list.csv", "bot.sqlite"]) func `a source without read permission is reported`(_ name: String)
        async throws
    {
        let ended = try await run(name, mode: 0o000) { source in
            if name == "list.csv" { try write("id\na\n", to: source) } else { try await makeLogged(source) }
        }
        #expect(ended.result.code == 66, "\(ended.result.error)")
        #expect(ended.result.error.contains("cannot read"))
        #expect(ended.result.error.contains("permission denied"))
    }
}
