import Model
import TestSupport
import Testing

@testable import ViberAPI

/// The client against bytes that the sandbox does not send.
@Suite struct RawAnswerTests {
    /// What a client makes of an answer.
    private func failure(of answer: String) async throws -> RequestFailure {
        let server = try CannedServer(answer)
        defer { server.stop() }
        let options = try ViberClientTests.options(
            port: server.port, token: Program.canary, timeout: .seconds(20), keepWebhook: false)
        let failure = try await ViberClient.with(options, now: { ViberClientTests.time }) { client in
            await #expect(throws: RequestFailure.self) { try await client.online(IDBatch([[0x61]])) }
        }
        return try #require(failure)
    }

    @Test func aConnectionClosedBeforeTheFirstByteIsStale() async throws {
        let failure = try await failure(of: "")
        #expect(failure.handling == .stale)
        #expect(failure.reason == .connection)
        #expect(failure.description == "no answer from 127.0.0.1: the server closed the connection")
        #expect(failure.effort == RequestEffort())
    }

    @Test(arguments: [
        "H", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"status\":0,",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"sta\r\n",
        "HTTP/1.1 200 OK\r\n\r\n{\"status\":0,",
    ])
    func anAnswerThatIsCutOffIsNotStale(_ answer: String) async throws {
        #expect(try await failure(of: answer).handling == .transient)
    }

    @Test(
        arguments: [
            ("503 X\r\nRetry-After: 7", .throttled, 7), ("503 X\r\nretry-after:  120 ", .throttled, 120),
            ("503 X", .transient, nil), ("503 X\r\nRetry-After: soon", .transient, nil),
            ("503 X\r\nRetry-After: soon\r\nRetry-After: 9", .throttled, 9),
            // The client's clock stands at Tue, 14 Nov 2023 22:13:20 GMT.
            ("503 X\r\nRetry-After: Tue, 14 Nov 2023 22:14:00 GMT", .throttled, 40),
            ("429 X\r\nRetry-After: Tue, 14 Nov 2023 22:13:00 GMT", .throttled, 0),
            ("429 X", .throttled, nil), ("429 X\r\nRetry-After: 1e9", .throttled, nil),
            ("500 X\r\nRetry-After: 3", .transient, 3), ("413 X\r\nRetry-After: 3", .batchRefused, 3),
        ] as [(String, RequestFailure.Handling, Int64?)])
    func theHeaderThatAsksToWaitIsRead(
        _ head: String, _ handling: RequestFailure.Handling, _ seconds: Int64?
    ) async throws {
        let failure = try await failure(of: "HTTP/1.1 \(head)\r\nContent-Length: 2\r\n\r\nno")
        #expect(failure.handling == handling)
        #expect(failure.retryAfter == seconds.map { .seconds($0) })
    }

    @Test func theBodyOfAnErrorIsNotWaitedFor() async throws {
        let failure = try await failure(of: "HTTP/1.1 503 X\r\nContent-Length: 1000000\r\n\r\n")
        #expect(failure.reason == .http(503))
        #expect(failure.handling == .transient)
    }
}
