import Dispatch
import Model
import Synchronization
import TestSupport
import Testing

/// Many concurrent requests, and many in sequence.
@Suite struct ManyRequestsTests {
    /// The server responds only when all requests have arrived, so a request that waited for a connection would wait
    /// forever.
    @Test func `sixty four requests are in flight at once`() async throws {
        let missing = DispatchGroup()
        for _ in 0..<64 { missing.enter() }
        let server = try CannedServer { connection in
            guard connection.readRequest() else { return }
            missing.leave()
            missing.wait()
            connection.send(CannedAnswer.whole())
        }
        defer { server.stop() }
        let good = try await server.withClient { client in
            await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<64 { group.addTask { await client.result().isGood } }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
        }
        #expect(good == 64)
        #expect(server.connections == 64)
    }

    @Test func `a connection is kept for the next request`() async throws {
        let server = try CannedServer { connection in
            while connection.readRequest() { connection.send(CannedAnswer.whole()) }
        }
        defer { server.stop() }
        try await server.withClient { client in
            for _ in 0..<50 { #expect(await client.result().isGood) }
        }
        #expect(server.connections == 1)
    }

    @Test func `connections are closed with the client`() async throws {
        let closed = DispatchSemaphore(value: 0)
        let server = try CannedServer { connection in
            while connection.readRequest() { connection.send(CannedAnswer.whole()) }
            closed.signal()
        }
        defer { server.stop() }
        try await server.withClient { client in #expect(await client.result().isGood) }
        // Well before the five seconds after which an idle connection is closed anyway.
        #expect(await Self.wait(for: closed, atMost: .seconds(3)))
    }

    /// A cancelled request ends at once, and its connection is not used for another.
    @Test func `a cancelled request ends and closes its connection`() async throws {
        let (arrived, closed) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let server = try CannedServer { connection in
            connection.readRequest()
            guard connection.number == 1 else {
                connection.send(CannedAnswer.whole())
                return
            }
            arrived.signal()
            connection.waitForEnd()
            closed.signal()
        }
        defer { server.stop() }
        try await server.withClient { client in
            let request = Task { await client.result() }
            #expect(await Self.wait(for: arrived, atMost: .seconds(10)))
            request.cancel()
            let failure = try await request.value.failure
            #expect(failure.description == "no answer from 127.0.0.1: the request was cancelled")
            #expect(await Self.wait(for: closed, atMost: .seconds(10)))
            #expect(await client.result().isGood)
        }
        #expect(server.connections == 2)
    }

    private static func wait(for semaphore: DispatchSemaphore, atMost time: DispatchTimeInterval) async -> Bool {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(returning: semaphore.wait(timeout: .now() + time) == .success)
            }
        }
    }

    @Test(arguments: ["429 Too Many Requests", "503 Service Unavailable", "302 Found"])
    func `a connection is kept after an error status`(_ status: String) async throws {
        let server = try CannedServer { connection in
            while connection.readRequest() {
                connection.send("HTTP/1.1 \(status)\r\nContent-Length: 5\r\n\r\nlater")
            }
        }
        defer { server.stop() }
        try await server.withClient { client in
            for _ in 0..<10 { #expect(await !client.result().isGood) }
        }
        #expect(server.connections == 1)
    }

    @Test func `a server that closes after every response causes only stale or transient failures`() async throws {
        let server = try CannedServer(CannedAnswer.whole())
        defer { server.stop() }
        try await server.withClient { client in
            var good = 0
            for _ in 0..<200 {
                let result = await client.result()
                if result.isGood {
                    good += 1
                } else {
                    let failureClass = try result.failure.failureClass
                    #expect([.stale, .transient].contains(failureClass))
                }
            }
            #expect(good >= 100)
        }
    }

    /// If a server sends a response twice, the second one must not be taken for the response to the next request.
    @Test func `a surplus response is never taken for the next one`() async throws {
        let server = try CannedServer { connection in
            connection.readRequest()
            connection.send(CannedAnswer.whole() + CannedAnswer.whole(#"{"status":12}"#))
            while connection.readRequest() { connection.send(CannedAnswer.whole()) }
        }
        defer { server.stop() }
        try await server.withClient { client in
            for _ in 0..<20 {
                let result = await client.result()
                if !result.isGood {
                    let failure = try result.failure
                    #expect(failure.reason != .api(12))
                    #expect([.stale, .transient].contains(failure.failureClass))
                }
            }
        }
    }
}
