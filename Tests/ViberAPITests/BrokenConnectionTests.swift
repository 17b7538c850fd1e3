import Foundation
import Model
import TestSupport
import Testing

@testable import ViberAPI

/// Connections that cannot be made, or end at the wrong moment.
@Suite struct BrokenConnectionTests {
    @Test func `connecting ends at the time limit`() async throws {
        let listener = try CannedServer.fullListener()
        defer { for descriptor in listener.descriptors { close(descriptor) } }
        let options = try ViberClientTests.options(
            port: listener.port, token: Program.canary, timeout: .milliseconds(200), keepWebhook: false)
        let start = ContinuousClock().now
        let failure = try await ViberClient.with(options, now: { ViberClientTests.time }) { client in
            try await client.result().failure
        }
        #expect(ContinuousClock().now - start < .seconds(4))
        #expect(failure.failureClass == .transient)
        #expect([.connection, .timeout].contains(failure.reason))
        #expect(failure.description.hasSuffix("within the time limit"))
    }

    @Test func `a reset before the head is transient`() async throws {
        let server = try CannedServer { connection in
            connection.readRequest()
            connection.reset()
        }
        defer { server.stop() }
        let failure = try await server.fetch().failure
        #expect(failure.failureClass == .transient)
        #expect(failure.reason == .connection)
        #expect(failure.description == "no answer from 127.0.0.1: connection reset")
    }

    @Test(arguments: ["HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", CannedAnswer.whole().dropLast(2).description])
    func `a reset in the body is transient`(_ beginning: String) async throws {
        let server = try CannedServer { connection in
            connection.readRequest()
            connection.send(beginning)
            connection.reset()
        }
        defer { server.stop() }
        #expect(try await server.fetch().failure.failureClass == .transient)
    }

    @Test func `a kept connection that is closed is stale`() async throws {
        let server = try CannedServer { connection in
            connection.readRequest()
            connection.send(CannedAnswer.whole())
            connection.readRequest()
        }
        defer { server.stop() }
        try await server.withClient { client in
            #expect(await client.result().isGood)
            let failure = try await client.result().failure
            #expect(failure.failureClass == .stale)
            #expect(failure.reason == .connection)
            #expect(await client.result().isGood)
        }
        #expect(server.connections == 2)
    }

    @Test func `an unknown host name is transient`() async throws {
        var options = try ViberClientTests.options(
            port: 9, token: Program.canary, timeout: .seconds(5), keepWebhook: false)
        options.baseURL = try BaseURL("https://viber-rollcall.invalid")
        let start = ContinuousClock().now
        let failure = try await ViberClient.with(options, now: { ViberClientTests.time }) { client in
            try await client.result().failure
        }
        #expect(ContinuousClock().now - start < .seconds(10))
        #expect(failure.failureClass == .transient)
        #expect(failure.reason == .connection)
        #expect(failure.description.hasPrefix("no answer from viber-rollcall.invalid: "))
        #expect(failure.description.hasSuffix("the host name viber-rollcall.invalid is not known"))
    }
}
