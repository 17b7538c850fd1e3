import Sandbox
import TestSupport
import Testing

/// A client of the sandbox in Python, independent of the code under test.
enum SandboxClient {
    /// Functions for the programs of tests: `call`, `online`, `statuses` and `short` send ordinary requests; `raw`
    /// returns all received bytes and how the connection ended.
    private static let tools = """
        import json, socket, ssl, struct, sys, time, urllib.error, urllib.request, zlib
        URL, TOKEN, IDS = sys.argv[1], sys.argv[2], sys.argv[3].split(",")
        PORT = int(URL.split(":")[-1])

        def call(path, body=None, token=TOKEN, method=None):
            headers = {"X-Viber-Auth-Token": token} if token is not None else {}
            request = urllib.request.Request(URL + path, body, headers, method=method)
            try:
                with urllib.request.urlopen(request, timeout=20) as reply: return reply.status, reply.read()
            except urllib.error.HTTPError as error: return error.code, error.read()

        def online(body, token=TOKEN):
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
            code, content = call("/pa/get_online", body, token)
            return code, json.loads(content)

        def statuses(ids): return {user["id"]: user["online_status"] for user in online({"ids": ids})[1]["users"]}

        def short(reply):
            code, answer = reply
            return code, answer["status"], answer["status_message"], len(answer.get("users", []))

        def request(ids, more="", path="/pa/get_online"):
            body = json.dumps({"ids": ids}).encode()
            return (f"POST {path} HTTP/1.1\\r\\nHost: sandbox\\r\\nX-Viber-Auth-Token: {TOKEN}\\r\\n{more}"
                f"Content-Length: {len(body)}\\r\\n\\r\\n").encode() + body

        def connect():
            connection = socket.create_connection(("127.0.0.1", PORT))
            connection.settimeout(20)
            return connection

        def rest(connection, most=1 << 30):
            # The remaining bytes, and whether the connection was closed or reset; "open" after `most` bytes.
            data = bytearray()
            try:
                while len(data) < most:
                    piece = connection.recv(1 << 16)
                    if not piece: return bytes(data), "end"
                    data += piece
                return bytes(data), "open"
            except ConnectionResetError: return bytes(data), "reset"

        def raw(ids, more="Connection: close\\r\\n", path="/pa/get_online", most=1 << 30):
            with connect() as connection:
                connection.sendall(request(ids, more, path))
                return rest(connection, most)

        def parts(data):
            head, _, body = data.partition(b"\\r\\n\\r\\n")
            first, *lines = head.decode("latin-1").split("\\r\\n")
            return first, [line.lower() for line in lines], body

        """

    /// A port for a test that needs the same one twice: Linux never assigns a port below 32768 by itself.
    static func unusedPort() -> Int { Int.random(in: 15_000..<32_000) }

    /// Starts and stops a sandbox; if the port is in use, tries again for some seconds. A process that another test
    /// starts inherits all open descriptors for a moment, including ports.
    static func open(_ options: SandboxServer.Options) async throws {
        var attempts = 1_000
        while true {
            do {
                return try await SandboxServer.with(options) { #expect($0 == options.port) }
            } catch let error as SandboxServer.Unavailable {
                attempts -= 1
                guard attempts > 0 else { throw error }
                try await Task.sleep(for: .milliseconds(5))  // before the next attempt
            }
        }
    }

    /// The output of a Python program that runs against a sandbox with these faults.
    static func run(
        _ program: String,
        faults: [String] = [],
        ids: [String] = SampleIDs.ids(101),
        _ change: (inout SandboxServer.Options) -> Void = { _ in }
    ) async throws -> String {
        var options = SandboxServer.Options(token: Program.canary)
        options.faults = try faults.map { try #require(Fault($0)) }
        change(&options)
        return try await SandboxServer.with(options) { try await run(program, port: $0, ids: ids) }
    }

    /// The output of a Python program that runs against the sandbox at this port.
    static func run(_ program: String, port: Int, ids: [String] = SampleIDs.ids(101)) async throws -> String {
        let arguments = ["http://127.0.0.1:\(port)", Program.canary, ids.joined(separator: ",")]
        let result = try await Tool.python(tools + program, arguments)
        #expect(result.error == "")
        return result.output
    }
}
