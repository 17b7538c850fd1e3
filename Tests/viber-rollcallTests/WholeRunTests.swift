import Foundation
import TestSupport
import Testing

/// The main job on real input, through the real binary, a socket, and files.
@Suite(.needs("python3")) struct WholeRunTests {
    private let ids = IDLists.made(12_345)

    @Test func `reads a CSV file`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(ids, to: directory + "/list.csv")
            try await Program.withSandbox(["--try-later", "0", "--subscribers", "12345"]) { sandbox in
                let run = try await Program.snapshot(
                    ["list.csv", "--rate", "0"], in: directory, of: sandbox, ids: "list.csv.ids")
                #expect(run.code == 0, "\(run.error)")
                #expect(run.error == "")
                try await expectAsked(124, sandbox)
            }
        }
    }

    private func expectAsked(_ requests: Int, _ sandbox: SandboxHandle) async throws {
        let seen = try await sandbox.statistics()
        #expect(seen["get_online"] == requests)
        #expect(seen["largest_batch"] == 100)
        #expect(seen["ids"] == 12_345)
        #expect(seen["get_account_info"] == 1)
    }

    @Test func `requests deferred IDs again`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(ids, to: directory + "/list.csv")
            try await Program.withSandbox { sandbox in
                let unsettled = ["list.csv", "--rate", "0", "--settle", "none", "--output-dir", "unsettled"]
                let first = try await Program.snapshot(unsettled, in: directory, of: sandbox, ids: "list.csv.ids")
                #expect(first.code == 3)
                #expect(first.error.contains("of 12,345 ids have no definite answer"))
            }
            try await Program.withSandbox { sandbox in
                let settled = try await Program.snapshot(
                    ["list.csv", "--rate", "0"], in: directory, of: sandbox, ids: "list.csv.ids")
                #expect(settled.code == 0, "\(settled.error)")
                // 12,345 ids are 124 batches; one id in fifty was deferred, and these fit in three more batches.
                #expect(try await sandbox.statistics()["get_online"] == 127)
            }
        }
    }

    /// The writer stays connected, with rows that are only in the write-ahead log.
    @Test func `reads a live database and changes nothing`() async throws {
        try await withTemporaryDirectory { directory in
            try write(ids.map { $0 + "\n" }.joined(), to: directory + "/ids")
            try await Program.withSandbox(["--try-later", "0"]) { sandbox in
                let run = try await Program.takeRoll(
                    ["db/bot.sqlite", "--base-url", sandbox.url, "--settle", "100ms", "--rate", "0"],
                    in: directory, environment: ["VIBER_AUTH_TOKEN": Program.canary],
                    under: [Tool.python, "-c", Self.liveDatabase], ids: "ids", makes: ["db"])
                #expect(run.code == 0, "\(run.error)")
                try await expectAsked(124, sandbox)
            }
        }
    }

    /// Writes to a database, runs a program during a write, and checks that nothing is changed.
    private static let liveDatabase = """
        import hashlib, os, sqlite3, subprocess, sys
        ids = open("ids").read().split()
        os.mkdir("db")
        path = "db/bot.sqlite"
        writer = sqlite3.connect(path, isolation_level=None)
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("PRAGMA wal_autocheckpoint = 0")
        writer.execute("CREATE TABLE users (n INTEGER PRIMARY KEY, viber_id TEXT COLLATE NOCASE)")
        writer.execute("CREATE INDEX by_id ON users (viber_id)")
        writer.execute("BEGIN")
        writer.executemany("INSERT INTO users (viber_id) VALUES (?)", [(i,) for i in ids[:12000]])
        writer.execute("COMMIT")
        writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        writer.execute("BEGIN")
        writer.executemany("INSERT INTO users (viber_id) VALUES (?)", [(i,) for i in ids[12000:]])
        writer.execute("COMMIT")
        writer.execute("BEGIN IMMEDIATE")  # a write in progress
        writer.execute("INSERT INTO users (viber_id) VALUES ('not committed')")
        def state():
            sums = {n: hashlib.sha256(open("db/" + n, "rb").read()).hexdigest() for n in ("bot.sqlite", "bot.sqlite-wal")}
            return sorted(os.listdir("db")), sums
        before = state()
        assert os.path.getsize(path + "-wal") > 0
        code = subprocess.run(sys.argv[1:]).returncode
        assert state() == before, "the database was changed"
        writer.execute("ROLLBACK")
        sys.exit(code)
        """

    @Test func `reads gzip from standard input`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(Array(ids.prefix(250)), to: directory + "/list.csv")
            _ = try await Tool.run("gzip", ["list.csv"], in: directory)
            try await Program.withSandbox { sandbox in
                let run = try await Program.takeRoll(
                    ["-", "--base-url", sandbox.url, "--settle", "100ms", "--json"],
                    in: directory,
                    environment: ["VIBER_AUTH_TOKEN": Program.canary],
                    input: try bytes(of: directory + "/list.csv.gz"),
                    ids: "list.csv.ids"
                )
                #expect(run.code == 0, "\(run.error)")
                #expect(run.output.contains(#""source":{"kind":"csv","name":"stdin","key":""#))
                #expect(run.output.contains(#"","column":"id","rows_read":250"#))
            }
        }
    }

    @Test func `loses no ID of a one column file without a header`() async throws {
        try await withTemporaryDirectory { directory in
            let few = Array(ids.prefix(101))
            try write(few.map { $0 + "\n" }.joined(), to: directory + "/list")
            try await Program.withSandbox { sandbox in
                let run = try await Program.snapshot(["list"], in: directory, of: sandbox, ids: "list")
                #expect(run.code == 0, "\(run.error)")
            }
        }
    }

    @Test func `a header without rows is a complete run without IDs`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV([], to: directory + "/list.csv")
            try await Program.withSandbox { sandbox in
                let run = try await Program.snapshot(["list.csv"], in: directory, of: sandbox, ids: "list.csv.ids")
                #expect(run.code == 0)
                #expect(run.error.contains("warning: list.csv has a header and no rows"))
                #expect(try await sandbox.statistics()["get_online"] == 0)
                #expect(try await Program.run(["verify", "reports/latest"], in: directory).code == 0)
            }
        }
    }

    @Test func `keeps rejected rows with line and reason`() async throws {
        try await withTemporaryDirectory { directory in
            let list = "id;name\n\(ids[0]);a\n;b\n\"\(ids[1])\"x;c\n \(ids[2]) ;d\n\(ids[0]);again\na\u{7}b;e\n\n;\n"
            let others = ids[3..<30]
            try write(list + others.map { $0 + ";f\n" }.joined(), to: directory + "/list.csv")
            try write(([ids[0], ids[2]] + others).map { $0 + "\n" }.joined(), to: directory + "/ids")
            try await Program.withSandbox { sandbox in
                let run = try await Program.snapshot(["list.csv"], in: directory, of: sandbox, ids: "ids")
                #expect(run.code == 0, "\(run.error)")
                let rejected = try String(contentsOfFile: directory + "/reports/latest/rejected.csv", encoding: .utf8)
                let quoted = "4,bad_quoting,\(ids[1])x,1\n"
                #expect(
                    rejected
                        == "line,reason,value,rows\n3,blank,,1\n\(quoted)7,control_char,a\\x07b,1\n8,blank,,2\n")
            }
        }
    }

    @Test func `a run succeeds even if the steps after it fail`() async throws {
        try await withTemporaryDirectory { directory in
            try write("id\n\(ids[0])\n", to: directory + "/list.csv")
            try FileManager.default.createDirectory(
                atPath: directory + "/reports/latest", withIntermediateDirectories: true)
            try await Program.withSandbox { sandbox in
                let run = try await Program.snapshot(
                    ["list.csv"], in: directory, of: sandbox, setting: .latestCannotBeMade)
                #expect(run.code == 0)
                #expect(run.error.contains("warning: reports/latest is a directory"), "\(run.error)")
                let left = try FileManager.default.contentsOfDirectory(atPath: directory + "/reports").sorted()
                #expect(left.count == 4)
                #expect(left.suffix(2) == ["history.csv", "latest"])
                let snapshot = try #require(left.first { $0.hasPrefix("2") })
                #expect(try await Program.run(["verify", "reports/" + snapshot], in: directory).code == 0)
            }
        }
    }

    @Test func `a query may start with a comment`() async throws {
        try await withTemporaryDirectory { directory in
            let sql = "CREATE TABLE t (a TEXT, b TEXT); INSERT INTO t VALUES ('x', '\(ids[0])'), ('y', '\(ids[1])');"
            _ = try await Tool.run("sqlite3", ["list.db", sql], in: directory)
            try write("\(ids[1])\n", to: directory + "/ids")
            try await Program.withSandbox { sandbox in
                let query = "-- everybody\n/* but x */ SELECT b FROM t WHERE a <> 'x'"
                let run = try await Program.snapshot(
                    ["list.db", "--query", query], in: directory, of: sandbox, ids: "ids")
                #expect(run.code == 0, "\(run.error)")
            }
        }
    }
}
