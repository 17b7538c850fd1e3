import Foundation
import TestSupport
import Testing

/// The response of `get_account_info` decides whether a run starts. A server in Python sends each response.
@Suite(.needs("python3")) struct PreflightTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var http = 200
        /// A Python expression of bytes.
        var body: String
        var code: Int32
        /// Whether the snapshot has the account.
        var hasAccount = false
    }

    static let cases = [
        Case(
            testDescription: "a good answer", body: #"b'{"status":0,"id":"pa:1","name":"B"}'"#, code: 0,
            hasAccount: true),
        Case(testDescription: "401 with a page of 2 MiB", http: 401, body: "b'x' * (2 << 20)", code: 77),
        Case(testDescription: "403", http: 403, body: "b''", code: 77),
        Case(testDescription: "404 with a page", http: 404, body: "b'<html>'", code: 78),
        Case(testDescription: "status 7", body: #"b'{"status":7,"status_message":"blocked"}'"#, code: 77),
        Case(testDescription: "status 10", body: #"b'{"status":10,"status_message":"webhookNotSet"}'"#, code: 78),
        Case(testDescription: "status 3", body: #"b'{"status":3,"status_message":"badData"}'"#, code: 0),
        Case(testDescription: "500", http: 500, body: "b''", code: 0),
        Case(testDescription: "a page", body: "b'<html>'", code: 0),
        // Fields are passed on as received, so a document that is not JSON anywhere is refused as a whole.
        Case(
            testDescription: "a number that is none", body: #"b'{"status":0,"id":"pa:1","subscribers_count":01-2}'"#,
            code: 0),
        Case(testDescription: "an escape that is none", body: #"b'{"status":0,"id":"pa:1","uri":"a\\qb"}'"#, code: 0),
        Case(testDescription: "a line end in a string", body: #"b'{"status":0,"id":"pa:1","uri":"a\nb"}'"#, code: 0),
        Case(testDescription: "no UTF-8", body: #"b'{"status":0,"id":"pa:1","uri":"\xff"}'"#, code: 0),
    ]

    @Test(arguments: cases)
    func `the answer decides`(_ answer: Case) async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV([], to: directory + "/list.csv")
            let run = try await Program.takeRoll(
                ["list.csv", "--json"], in: directory, environment: ["VIBER_AUTH_TOKEN": Program.canary],
                under: [Tool.python, "-c", Self.server, String(answer.http), answer.body])
            #expect(run.code == answer.code, "\(run.error)")
            guard answer.code == 0 else { return }
            #expect(run.output.contains(#""account":null,"account_error":"#) == !answer.hasAccount, "\(run.output)")
            #expect(try await Program.run(["verify", "reports/latest"], in: directory).code == 0)
        }
    }

    private static let server = """
        import http.server, subprocess, sys, threading
        code, body, program = int(sys.argv[1]), eval(sys.argv[2]), sys.argv[3:]
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def do_GET(self):
                self.send_response(code); self.send_header("Content-Length", str(len(body))); self.end_headers()
                try: self.wfile.write(body)
                except OSError: pass
            def log_message(self, *arguments): pass
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = False  # a thread that writes while the interpreter exits would abort it
        threading.Thread(target=server.serve_forever, daemon=True).start()
        sys.exit(subprocess.run([*program, "--base-url", f"http://127.0.0.1:{server.server_port}"]).returncode)
        """
}
