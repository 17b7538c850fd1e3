import Foundation
import TestSupport
import Testing

/// TLS and redirects, against servers that Python runs.
@Suite(.needs("python3")) struct SecureConnectionTests {

    /// Serves TLS with a certificate for localhost that nobody signed, and runs the program against it.
    private static let server = """
        import http.server, json, os, ssl, subprocess, sys, threading, time
        program, host, trusts = sys.argv[1:]
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem",
            "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
        requests = []
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                requests.append(self.path)
                body = json.dumps({"status": 0, "status_message": "ok", "id": "pa:1", "name": "Bot"}).encode()
                self.send_response(200); self.send_header("Content-Length", str(len(body))); self.end_headers()
                self.wfile.write(body)
            def log_message(self, *arguments): pass
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain("cert.pem", "key.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        began = time.monotonic()
        open("empty.csv", "w").write("id\\n")
        ran = subprocess.run([program, "empty.csv", "--json", "--base-url", f"https://{host}:{server.server_port}"]
            + (["--ca-file", "cert.pem"] if trusts == "yes" else []),
            env={"VIBER_AUTH_TOKEN": "abc"}, capture_output=True, text=True)
        print(ran.returncode, len(requests), time.monotonic() - began < 2)
        print(ran.stdout, ran.stderr)
        print("left", sorted(os.listdir("reports")), os.listdir("reports/.work"))
        """

    @Test(.needs("openssl"))
    func aCertificateThatDoesNotVerifyIsRefusedAtOnce() async throws {
        let output = try await serve(host: "localhost", trusting: false)
        #expect(output.hasPrefix("78 0 True\n"), "\(output)")
        #expect(output.contains("certificate does not verify"))
        #expect(output.contains("--ca-file"))
        #expect(output.contains("left ['.work'] ['.lock']"))
    }

    @Test(.needs("openssl"))
    func aPrivateAuthorityIsTrustedOnRequest() async throws {
        let output = try await serve(host: "localhost", trusting: true)
        #expect(output.hasPrefix("0 1 True\n"), "\(output)")
        #expect(output.contains(#""account":{"id":"pa:1","name":"Bot"}"#))
    }

    @Test(.needs("openssl"))
    func aCertificateOfAnotherHostIsRefused() async throws {
        let output = try await serve(host: "127.0.0.1", trusting: true)
        #expect(output.hasPrefix("78 0 True\n"), "\(output)")
    }

    private func serve(host: String, trusting: Bool) async throws -> String {
        try await withTemporaryDirectory { directory in
            let ran = try await Tool.run(
                Tool.python, ["-c", Self.server, Program.path, host, trusting ? "yes" : "no"], in: directory)
            #expect(ran.code == 0, "\(ran.error)")
            return ran.output
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
        for server in (target, front): threading.Thread(target=server.serve_forever, daemon=True).start()
        ran = subprocess.run([program, "account", "--base-url", f"http://127.0.0.1:{front.server_port}"],
            env={"VIBER_AUTH_TOKEN": "abc"}, capture_output=True, text=True)
        print(ran.returncode, len(reached))
        print(ran.stderr)
        """

    @Test(arguments: ["301", "302", "303", "307", "308"])
    func aRedirectIsRefused(_ code: String) async throws {
        let ran = try await Tool.python(Self.redirector, [Program.path, code])
        #expect(ran.output.hasPrefix("78 0\n"), "\(ran.output)\(ran.error)")
        #expect(ran.output.contains("redirected to http://127.0.0.1"))
        #expect(!ran.output.contains("secret"))
    }
}
