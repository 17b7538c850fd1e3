import TestSupport
import Testing

@testable import Sandbox

/// The shutdown of a sandbox with waiting clients.
@Suite(.needs("python3")) struct ShutdownTests {
    /// Opens connections in different states and waits until they are closed.
    private static let clients = """
        waiting = [connect() for _ in range(9)]
        for connection in waiting[1:]: connection.sendall(request(IDS[:100]))
        waiting[8].sendall(request(IDS[:1])[:-5])  # its second request has an incomplete body
        for connection in waiting:
            try:
                while connection.recv(1 << 16): pass
            except ConnectionError: pass
            print("ended", end=" ")
        """

    @Test(arguments: [["hang"], ["timeout@1", "drip@2", "endless-body@3", "hang@4", "latency:90000@5", "timeout@6-"]])
    func `waiting clients do not delay the shutdown`(_ faults: [String]) async throws {
        let (ports, portContinuation) = AsyncStream.makeStream(of: Int.self)
        async let clients = {
            for await port in ports { return try await SandboxClient.run(Self.clients, port: port) }
            return "no sandbox"
        }()
        var options = SandboxServer.Options(token: Program.canary)
        options.faults = try faults.map { try #require(Fault($0)) }
        let sandbox = options
        let clock = ContinuousClock()
        let done = try await SandboxServer.with(sandbox) { port in
            portContinuation.yield(port)
            portContinuation.finish()
            let program = """
                while json.loads(call("/sandbox/stats", token=None)[1])["get_online"] < 8: time.sleep(0.005)  # between looks
                """
            _ = try await SandboxClient.run(program, port: port)
            return clock.now
        }
        #expect(done.duration(to: clock.now) < .seconds(3))
        #expect(try await clients == String(repeating: "ended ", count: 9))
    }

    /// Requests an endless response over TLS, and does not read until a file exists.
    private static let idler = """
        import os
        trusting = ssl.create_default_context(cafile=IDS[0])
        with trusting.wrap_socket(connect(), server_hostname="127.0.0.1") as connection:
            connection.sendall(request(IDS))
            while not os.path.exists(IDS[1]): time.sleep(0.005)  # between looks
        print("ended")
        """

    @Test(.needs("openssl")) func `the closing handshake of TLS does not delay the shutdown`() async throws {
        try await withTemporaryDirectory { path in
            let names = try await SecureSandboxTests.makeCertificate(in: path)
            let (ports, portContinuation) = AsyncStream.makeStream(of: Int.self)
            async let client = {
                let ids = [names.certificate, path + "/ended"]
                for await port in ports { return try await SandboxClient.run(Self.idler, port: port, ids: ids) }
                return "no sandbox"
            }()
            var options = SandboxServer.Options(token: Program.canary)
            options.faults = [try #require(Fault("endless-body"))]
            options.certificate = try SandboxCertificate(certificates: names.certificate, key: names.key)
            options.logPath = path + "/log"
            let sandbox = options
            let clock = ContinuousClock()
            let done = try await SandboxServer.with(sandbox) { port in
                portContinuation.yield(port)
                portContinuation.finish()
                while try bytes(of: path + "/log").isEmpty {
                    try await Task.sleep(for: .milliseconds(5))  // between looks
                }
                try await Task.sleep(for: .milliseconds(100))  // until no more can be sent
                return clock.now
            }
            #expect(done.duration(to: clock.now) < .seconds(3))
            try write([0], to: path + "/ended")
            #expect(try await client == "ended\n")
        }
    }

    @Test func `many sandboxes follow each other on one port`() async throws {
        var options = SandboxServer.Options(token: "t")
        options.port = SandboxClient.unusedPort()
        for _ in 0..<20 { try await SandboxClient.open(options) }
    }
}
