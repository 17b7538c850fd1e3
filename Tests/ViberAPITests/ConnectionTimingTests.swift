import Model
import TestSupport
import Testing
import ViberAPI

/// How soon failures are reported. Runs alone, since other load on the machine would distort it.
@Suite struct ConnectionTimingTests {
    @Test func `a refused connection is reported at once`() async throws {
        let discard = 9  // the port of a service that no machine has offered for decades
        let options = try ViberClientTests.options(
            port: discard, token: Program.canary, timeout: .seconds(20), keepWebhook: false)
        let start = ContinuousClock().now
        let failure = try await ViberClient.with(options, now: { ViberClientTests.time }) { client in
            await #expect(throws: RequestFailure.self) { try await client.accountInfo() }
        }
        #expect(ContinuousClock().now - start < .seconds(4))
        #expect(failure?.reason == .connection)
        #expect(failure?.failureClass == .transient)
        #expect(failure?.description == "no answer from 127.0.0.1: connection refused")
    }
}
