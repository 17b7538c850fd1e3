import Model
import Synchronization
import TestSupport
import Testing

/// Responses that arrive slowly, or too late.
@Suite struct SlowResponseTests {
    /// The failure of a request with a time limit of 300 ms on an open connection, where the server runs `script`
    /// instead of responding.
    private func lateFailure(_ script: @escaping @Sendable (CannedConnection) -> Void) async throws -> RequestFailure {
        let server = try CannedServer { connection in
            connection.readRequest()
            connection.send(CannedAnswer.whole())
            script(connection)
        }
        defer { server.stop() }
        return try await server.withClient(timeout: .milliseconds(300)) { client in
            for _ in 0..<100 where await client.result().isGood { break }
            let start = ContinuousClock().now
            let failure = try await client.result().failure
            let took = ContinuousClock().now - start
            #expect(took >= .milliseconds(250))
            #expect(took < .seconds(10))
            return failure
        }
    }

    @Test func `a response that never starts is a timeout`() async throws {
        let failure = try await lateFailure { $0.waitForEnd() }
        #expect(failure.reason == .timeout)
        #expect(failure.failureClass == .transient)
    }

    @Test(arguments: ["HTTP/1.1 200 OK\r\nX-Filler: ", "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"])
    func `a response that trickles forever ends at the time limit`(_ head: String) async throws {
        let failure = try await lateFailure { connection in
            connection.readRequest()
            connection.send(head)
            connection.drip(String(repeating: "x", count: 4_000), pause: .milliseconds(5))
        }
        #expect(failure.reason == .timeout)
        #expect(failure.failureClass == .transient)
    }

    @Test func `a response in slices of one byte is read`() async throws {
        let server = try CannedServer { connection in
            connection.readRequest()
            connection.drip(CannedAnswer.whole(), pause: .zero)
        }
        defer { server.stop() }
        #expect(try await server.fetch().isGood)
    }

    @Test func `a slow response that is complete in time is read`() async throws {
        let server = try CannedServer { connection in
            connection.readRequest()
            connection.drip(CannedAnswer.whole(), pause: .milliseconds(3))
        }
        defer { server.stop() }
        #expect(try await server.fetch().isGood)
    }

    @Test func `an endless body is refused at one mebibyte`() async throws {
        let sent = Mutex(0)
        let chunk = "1000\r\n" + String(repeating: " ", count: 4_096) + "\r\n"
        let server = try CannedServer { connection in
            connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            while connection.send(chunk) { sent.withLock { $0 += 4_096 } }
        }
        defer { server.stop() }
        let failure = try await server.fetch().failure
        #expect(failure.reason == .protocolError)
        #expect(failure.failureClass == .transient)
        #expect(failure.description == "127.0.0.1 answered with an invalid response: the body is longer than 1 MiB")
        // Includes what the socket buffers hold.
        #expect(sent.withLock { $0 } < 32 << 20)
    }

    @Test(arguments: [(0, true), (1, false)])
    func `a body of one mebibyte is the longest`(_ more: Int, _ isRead: Bool) async throws {
        let blanks = String(repeating: " ", count: (1 << 20) - CannedAnswer.body.utf8.count + more)
        let server = try CannedServer(CannedAnswer.whole(CannedAnswer.body + blanks))
        defer { server.stop() }
        #expect(try await server.fetch().isGood == isRead)
    }
}
