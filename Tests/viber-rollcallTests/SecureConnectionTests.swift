import Foundation
import TestSupport
import Testing

/// TLS and redirects, against servers that Python runs.
@Suite(.needs("python3")) struct SecureConnectionTests {

    /// Serves TLS with a self-signed certificate for localhost, and runs the program against it.
    private static let server = """
        import http.server, json, ssl, subprocess, sys, threading, time
        host, trusts, program = sys.argv[1], sys.argv[2], sys.argv[3:]
        requests = open("requests", "w")
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                print(self.path, file=requests, flush=True)
                body = json.dumps({"status": 0, "status_message": "ok", "id": "pa:1", "name": "Bot"}).encode()
                self.send_response(200); self.send_header("Content-Length", str(len(body))); self.end_headers()
                self.wfile.write(body)
            def log_message(self, *arguments): pass
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain("cert.pem", "key.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.daemon_threads = False  # no thread may write while the interpreter exits
        threading.Thread(target=server.serve_forever, daemon=True).start()
        trusted = ["--ca-file", "cert.pem"] if trusts == "yes" else []
        began = time.monotonic()
        code = subprocess.run([*program, "--base-url", f"https://{host}:{server.server_port}", *trusted]).returncode
        open("seconds", "w").write(str(time.monotonic() - began))
        sys.exit(code)
        """

    @Test(.needs("openssl"))
    func `a certificate that does not verify is refused at once`() async throws {
        let served = try await serve(host: "localhost", trusting: false)
        #expect(served.run.code == 78)
        #expect(served.seconds < 2)
        #expect(served.run.error.contains("certificate does not verify"), "\(served.run.error)")
        #expect(served.run.error.contains("--ca-file"))
        #expect(served.requests == "")
    }

    @Test(.needs("openssl"))
    func `a private authority is trusted with an option`() async throws {
        let served = try await serve(host: "localhost", trusting: true)
        #expect(served.run.code == 0, "\(served.run.error)")
        #expect(served.run.output.contains(#""account":{"id":"pa:1","name":"Bot"}"#))
        #expect(served.requests == "/pa/get_account_info\n")
    }

    /// Only `--ca-file` adds trusted certificates.
    @Test(.needs("openssl"))
    func `the environment adds no trusted certificate`() async throws {
        let served = try await serve(
            host: "localhost", trusting: false, environment: ["SSL_CERT_FILE": "cert.pem", "SSL_CERT_DIR": "."])
        #expect(served.run.code == 78)
        #expect(served.requests == "")
    }

    @Test(.needs("openssl"))
    func `a certificate of another host is refused`() async throws {
        let served = try await serve(host: "127.0.0.1", trusting: true)
        #expect(served.run.code == 78, "\(served.run.error)")
        #expect(served.seconds < 2)
        #expect(served.requests == "")
    }

    private struct Served {
        var run: ToolResult
        /// The duration of the run, without the start of the server.
        var seconds: Double
        /// The requested paths, one per line.
        var requests: String
    }

    private func serve(
        host: String, trusting: Bool, environment: [String: String] = [:]
    ) async throws -> Served {
        try await withTemporaryDirectory { directory in
            let request = "req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost"
            let words = (request + " -addext subjectAltName=DNS:localhost").split(separator: " ").map(String.init)
            let made = try await Tool.run("openssl", words, in: directory)
            #expect(made.code == 0, "\(made.error)")
            try IDLists.writeCSV([], to: directory + "/empty.csv")
            let run = try await Program.takeRoll(
                ["empty.csv", "--json"], in: directory,
                environment: ["VIBER_AUTH_TOKEN": Program.canary].merging(environment) { $1 },
                under: [Tool.python, "-c", Self.server, host, trusting ? "yes" : "no"], makes: ["requests", "seconds"])
            func contents(_ name: String) throws -> String {
                try String(contentsOfFile: directory + "/" + name, encoding: .utf8)
            }
            return Served(
                run: run, seconds: try #require(Double(contents("seconds"))), requests: try contents("requests"))
        }
    }

    /// One server redirects to another, which must not be reached.
    private static let redirector = """
        import http.server, subprocess, sys, threading
        program, code = sys.argv[1:]
        reached = []
        class Target(http.server.BaseHTTPRequestHandler):
            def do_GET(self): reached.append(dict(self.headers)); self.send_response(200); self.end_headers()
            do_POST = do_GET
            def log_message(self, *arguments): pass
        target = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Target)
        class Redirect(Target):
            def do_GET(self):
                self.send_response(int(code)); self.send_header("Location", f"http://127.0.0.1:{target.server_port}/pa/x?secret=1")
                self.send_header("Content-Length", "0"); self.end_headers()
        front = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Redirect)
        for server in (target, front):
            server.daemon_threads = False  # no thread may write while the interpreter exits
            threading.Thread(target=server.serve_forever, daemon=True).start()
        ran = subprocess.run([program, "account", "--base-url", f"http://127.0.0.1:{front.server_port}"],
            env={"VIBER_AUTH_TOKEN": "abc"}, capture_output=True, text=True)
        print(ran.returncode, len(reached))
        print(ran.stderr)
        """

    @Test(arguments: ["301", "302", "303", "307", "308"])
    func `a redirect is refused`(_ code: String) async throws {
        let ran = try await Tool.python(Self.redirector, [Program.path, code])
        #expect(ran.output.hasPrefix("78 0\n"), "\(ran.output)\(ran.error)")
        #expect(ran.output.contains("redirected to http://127.0.0.1"))
        #expect(!ran.output.contains("secret"))
    }
}
