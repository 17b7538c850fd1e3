import TestSupport
import Testing

@testable import Sandbox

/// The end of a sandbox, whatever its clients are waiting for.
@Suite(.needs("python3")) struct ShutdownTests {
    /// Opens connections that wait for different things, and waits for their ends.
    private static let clients = """
        waiting = [connect() for _ in range(9)]
        for connection in waiting[1:]: connection.sendall(request(IDS[:100]))
        waiting[8].sendall(request(IDS[:1])[:-5])  # behind it one whose body never comes whole
        for connection in waiting:
            try:
                while connection.recv(1 << 16): pass
            except ConnectionError: pass
            print("ended", end=" ")
        """

    @Test(arguments: [["hang"], ["timeout@1", "drip@2", "endless-body@3", "hang@4", "latency:90000@5", "timeout@6-"]])
    func nobodyIsWaitedFor(_ faults: [String]) async throws {
        let (ports, told) = AsyncStream.makeStream(of: Int.self)
        async let clients = {
            for await port in ports { return try await SandboxClient.ask(Self.clients, port: port) }
            return "no sandbox"
        }()
        var options = SandboxServer.Options(token: Program.canary)
        options.faults = try faults.map { try #require(Fault($0)) }
        let sandbox = options
        let clock = ContinuousClock()
        let done = try await SandboxServer.with(sandbox) { port in
            told.yield(port)
            told.finish()
            let program = """
                while json.loads(call("/sandbox/stats", token=None)[1])["get_online"] < 8: time.sleep(0.005)  # between looks
                """
            _ = try await SandboxClient.ask(program, port: port)
            return clock.now
        }
        #expect(done.duration(to: clock.now) < .seconds(3))
        #expect(try await clients == String(repeating: "ended ", count: 9))
    }

    @Test(arguments: [[], ["stale@1000000"]]) func manySandboxesFollowEachOtherOnOnePort(_ faults: [String])
        async throws
    {
        var options = SandboxServer.Options(token: "t")
        options.faults = try faults.map { try #require(Fault($0)) }
        options.port = SandboxClient.unusedPort()
        for _ in 0..<20 { try await SandboxClient.open(options) }
    }
}
