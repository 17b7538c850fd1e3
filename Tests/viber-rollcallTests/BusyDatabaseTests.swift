import Foundation
import TestSupport
import Testing

/// A database with other writers: a run waits for them, and they never wait for a run.
@Suite(.needs("python3"), .needs("sqlite3")) struct BusyDatabaseTests {
    private static func locked(_ body: String) -> [String] {
        [
            Tool.python, "-c",
            """
            import os, sqlite3, subprocess, sys, time
            writer = sqlite3.connect("bot.sqlite", isolation_level=None)
            writer.execute("BEGIN EXCLUSIVE")
            writer.execute("INSERT INTO users VALUES('late')")
            \(body)
            """,
        ]
    }

    /// SQLite sleeps between its tries. Here each sleep returns at once, and the requested times are added up.
    @Test(.needs("strace")) func `a writer that does not end is waited for for thirty seconds`() async throws {
        try await withTemporaryDirectory { directory in
            try await Program.makeDatabase("CREATE TABLE users(id TEXT)", in: directory)
            let call = "clock_nanosleep"
            let under = ["strace", "-f", "-qq", "-o", "trace", "-e", "trace=" + call, "-e", "inject=\(call):retval=0"]
            let run = try await Program.leavesNothing(
                ["bot.sqlite"], in: directory,
                under: Self.locked("sys.exit(subprocess.run(sys.argv[1:]).returncode)") + under, makes: ["trace"])
            #expect(run.code == 75, "\(run.error)")
            #expect(run.error.contains("was locked by another process for 30 seconds"), "\(run.error)")
            let trace = try String(contentsOfFile: directory + "/trace", encoding: .utf8)
            let sleeps = trace.matches(of: /tv_sec=([0-9]+), tv_nsec=([0-9]+)/)
            let waited = sleeps.reduce(0) { $0 + (Int($1.1) ?? 0) * 1_000_000_000 + (Int($1.2) ?? 0) }
            #expect((30_000_000_000..<31_000_000_000).contains(waited))
        }
    }

    @Test func `a writer that ends is waited for`() async throws {
        try await withTemporaryDirectory { directory in
            try await Program.makeDatabase(
                "CREATE TABLE users(id TEXT); INSERT INTO users VALUES('a'),('b');", in: directory)
            try write("a\nb\nlate\n", to: directory + "/ids")
            let under = Self.locked(
                """
                def begun():
                    return any(name.startswith("2") for _, names, _ in os.walk("reports/.work") for name in names)
                run = subprocess.Popen(sys.argv[1:])
                while run.poll() is None and not begun():
                    time.sleep(0.01)  # poll until reading has started
                time.sleep(0.3)  # until it waits for the lock
                writer.execute("COMMIT")
                sys.exit(run.wait())
                """)
            try await Program.withSandbox(["--try-later", "0"]) { sandbox in
                let run = try await Program.takeRoll(
                    ["bot.sqlite", "--base-url", sandbox.url], in: directory,
                    environment: ["VIBER_AUTH_TOKEN": Program.canary], under: under, ids: "ids", makes: ["bot.sqlite"])
                #expect(run.code == 0, "\(run.error)")
            }
        }
    }

    /// An API whose first response comes after another process has written to the database, which an open reader would
    /// prevent.
    private static let writingServer = """
        import http.server, json, sqlite3, subprocess, sys, threading
        ids = ["subscriber-%d" % n for n in range(250)]
        writer = sqlite3.connect("bot.sqlite", isolation_level=None, timeout=0)
        writer.execute("CREATE TABLE users(id TEXT)")
        writer.executemany("INSERT INTO users VALUES(?)", [(id,) for id in ids])
        writer.close()
        written = []

        def write():
            database = sqlite3.connect("bot.sqlite", isolation_level=None, timeout=0)
            database.execute("BEGIN EXCLUSIVE")
            database.execute("DELETE FROM users")
            database.execute("COMMIT")
            database.close()
            written.append(True)

        class API(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def log_message(self, *_):
                pass
            def do_POST(self):
                asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
                answer = {"status": 0, "status_message": "ok", "id": "pa:1", "name": "x"}
                if self.path.endswith("get_online"):
                    if not written:
                        write()
                    answer["users"] = [
                        {"id": id, "online_status": 0, "online_status_message": "online"} for id in asked["ids"]]
                body = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        open("ids", "w").write("".join(id + "\\n" for id in ids))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), API)
        server.daemon_threads = False  # no thread may write while the interpreter exits
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = "http://127.0.0.1:%d" % server.server_port
        code = subprocess.run(sys.argv[1:] + ["--base-url", url, "--concurrency", "1"]).returncode
        assert written, "no id was requested"
        sys.exit(code)
        """

    @Test func `the database is free for its writer during requests`() async throws {
        try await withTemporaryDirectory { directory in
            let run = try await Program.takeRoll(
                ["bot.sqlite"], in: directory, environment: ["VIBER_AUTH_TOKEN": Program.canary],
                under: [Tool.python, "-c", Self.writingServer], ids: "ids", sandbox: false,
                makes: ["bot.sqlite", "ids"])
            #expect(run.code == 0, "\(run.error)")
        }
    }
}
