import Foundation
import TestSupport
import Testing

/// A source that is missing, fails while it is read, or never ends: nothing is sent, and nothing is left.
@Suite(.needs("python3"), .needs("sqlite3")) struct SourceFaultTests {
    // MARK: a disk that fails

    private static let users = """
        CREATE TABLE users(id TEXT);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)
        INSERT INTO users SELECT 'subscriber/' || i FROM n;
        """

    private static func failing(_ call: String, when: Int, in directory: String, of name: String) -> [String] {
        [
            "strace", "-f", "-qq", "-o", directory + "/trace", "-P", directory + "/" + name, "-e", "trace=" + call,
            "-e", "inject=\(call):error=EIO:when=\(when)",
        ]
    }

    @Test(.needs("strace"), arguments: ["list.csv", "list.csv.gz"])
    func `a read error half way leaves nothing`(_ name: String) async throws {
        try await withTemporaryDirectory { directory in
            // As random as ids, so that even the compressed file takes several reads.
            try IDLists.writeCSV(IDLists.made(40_000), to: directory + "/list.csv")
            _ = try await Tool.run("gzip", ["-k", "list.csv"], in: directory)
            let run = try await Program.leavesNothing(
                [name], in: directory, under: Self.failing("read", when: 3, in: directory, of: name), makes: ["trace"])
            #expect(run.code == 74, "\(run.error)")
            #expect(run.error.hasSuffix("viber-rollcall: cannot read \(name): input/output error\n"), "\(run.error)")
        }
    }

    /// SQLite reports a block that cannot be read as damaged.
    @Test(.needs("strace"), arguments: [5, 50]) func `a read error of a database leaves nothing`(_ when: Int)
        async throws
    {
        try await withTemporaryDirectory { directory in
            try await Program.makeDatabase(Self.users, in: directory)
            let under = Self.failing("pread64", when: when, in: directory, of: "bot.sqlite")
            let run = try await Program.leavesNothing(["bot.sqlite"], in: directory, under: under, makes: ["trace"])
            #expect(run.code == 65, "\(run.error)")
            #expect(run.error.contains("bot.sqlite is damaged"), "\(run.error)")
        }
    }

    // MARK: nothing on standard input

    @Test(arguments: ["exec <&-", "exec </dev/null", "exec <empty"])
    func `nothing on standard input is an error`(_ setUp: String) async throws {
        try await withTemporaryDirectory { directory in
            try write("", to: directory + "/empty")
            let run = try await Program.leavesNothing(
                ["-"], in: directory, under: ["sh", "-c", setUp + "; exec \"$@\"", "sh"])
            #expect(run.code == 65, "\(run.error)")
            #expect(run.error.contains("stdin is empty"), "\(run.error)")
        }
    }

    // MARK: a name that is not text

    /// A path consists of bytes that need not be UTF-8.
    private static let named = """
        import os, subprocess, sys
        os.mkdir("data")
        open(b"data/\\xff.csv", "wb").write(open("list.csv", "rb").read())
        sys.exit(subprocess.run(sys.argv[2:] + [b"data/" + bytes.fromhex(sys.argv[1]) + b".csv"]).returncode)
        """

    @Test func `a name that is not text is read`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(90), to: directory + "/list.csv")
            try await Program.withSandbox(["--try-later", "0"]) { sandbox in
                let run = try await Program.takeRoll(
                    ["--base-url", sandbox.url, "--json"], in: directory,
                    environment: ["VIBER_AUTH_TOKEN": Program.canary], under: [Tool.python, "-c", Self.named, "ff"],
                    ids: "list.csv.ids", makes: ["data"])
                #expect(run.code == 0, "\(run.error)")
                #expect(run.output.contains(#""name":"\\xFF.csv""#), "\(run.output)")
            }
        }
    }

    @Test func `a missing file with a name that is not text is reported`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV([], to: directory + "/list.csv")
            let run = try await Program.takeRoll(
                ["--base-url", "http://127.0.0.1:9"], in: directory, environment: ["VIBER_AUTH_TOKEN": Program.canary],
                under: [Tool.python, "-c", Self.named, "fee9"], sandbox: false, makes: ["data"])
            #expect(run.code == 66, "\(run.error)")
            #expect(run.error.hasSuffix("data/\\xFE\\xE9.csv: no such file or directory\n"), "\(run.error)")
        }
    }

    // MARK: a view that never ends

    /// Endless rows, the same row again and again, or no row.
    private static let endless = ["'id-' || i AS id FROM n", "'id' AS id FROM n", "'id' AS id FROM n WHERE i < 0"]

    private func makeEndlessView(_ select: String, in directory: String) async throws {
        let sql = "CREATE VIEW v AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT "
        try await Program.makeDatabase(sql + select + ";", in: directory)
    }

    @Test(arguments: endless) func `the deadline ends a view that does not`(_ select: String) async throws {
        try await withTemporaryDirectory { directory in
            try await makeEndlessView(select, in: directory)
            let run = try await Program.leavesNothing(
                ["bot.sqlite", "--table", "v", "--deadline", "500ms"], in: directory)
            #expect(run.code == 75, "\(run.error)")
            #expect(run.error.contains("the --deadline has passed"), "\(run.error)")
        }
    }

    @Test(arguments: endless) func `a signal ends a view that does not`(_ select: String) async throws {
        try await withTemporaryDirectory { directory in
            try await makeEndlessView(select, in: directory)
            let under = [
                Tool.python, "-c",
                """
                import os, signal, subprocess, sys, time
                def begun():
                    return any(name.startswith("2") for _, names, _ in os.walk("reports/.work") for name in names)
                run = subprocess.Popen(sys.argv[1:])
                while run.poll() is None and not begun():
                    time.sleep(0.01)  # poll until reading has started
                run.send_signal(signal.SIGTERM)
                sys.exit(run.wait())
                """,
            ]
            let run = try await Program.leavesNothing(["bot.sqlite", "--table", "v"], in: directory, under: under)
            #expect(run.code == 143, "\(run.error)")
            #expect(run.error.contains("stopped by a signal before any id was sent"), "\(run.error)")
        }
    }
}
