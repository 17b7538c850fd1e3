import HTTP
import Model
import Sandbox
import TestSupport
import Testing

@testable import ViberAPI

/// The client against the sandbox, over real connections.
@Suite struct ViberClientTests {
    static var token: AuthToken { get throws { try AuthToken(Array(Program.canary.utf8)) } }
    static let time = Timestamp(milliseconds: 1_700_000_000_000)
    private static let ids = SampleIDs.ids(100).map { Array($0.utf8) }

    /// Runs `body` with a client of a sandbox that accepts `accepted`.
    private func withClient<Result: Sendable>(
        faults: [String] = [],
        accepted: String = Program.canary,
        token: String = Program.canary,
        timeout: Duration = .seconds(20),
        keepWebhook: Bool = false,
        _ body: @Sendable @escaping (ViberClient) async throws -> Result
    ) async throws -> Result {
        var sandbox = SandboxServer.Options(token: accepted)
        sandbox.faults = try faults.map { try #require(Fault($0)) }
        sandbox.subscribers = 4_321
        return try await SandboxServer.with(sandbox) { port in
            try await ViberClient.with(
                Self.options(port: port, token: token, timeout: timeout, keepWebhook: keepWebhook), now: { Self.time },
                body)
        }
    }

    static func options(
        port: Int, token: String, timeout: Duration, keepWebhook: Bool
    ) throws -> ViberClient.Options {
        ViberClient.Options(
            baseURL: try BaseURL("http://127.0.0.1:\(port)"), token: try AuthToken(Array(token.utf8)), timeout: timeout,
            caFile: nil, keepWebhook: keepWebhook)
    }

    @Test func `requests a hundred ids and gets the status of each`() async throws {
        let reply = try await withClient { try await $0.online(IDBatch(Self.ids)) }
        #expect(reply.users.map { Array($0.id) } == Self.ids)
        #expect(reply.receivedAt == Self.time)
        #expect(reply.users.allSatisfy { !$0.messageDiffers })
        for user in reply.users where !SimulatedStatus.isTryLaterFirst(user.id, every: 50) {
            #expect(user.status == SimulatedStatus.status(of: user.id))
            #expect((user.lastOnline ?? 0) == (SimulatedStatus.lastOnline(of: user.id) ?? 0))
        }
    }

    @Test func `carries ids of any bytes`() async throws {
        let ids = ["a\"b\\c/d", "caf\u{e9}", "cafe\u{301}", "日本 😀", "x\ty\u{1}"].map { Array($0.utf8) }
        let reply = try await withClient { try await $0.online(IDBatch(ids)) }
        #expect(reply.users.map { Array($0.id) } == ids)
    }

    @Test func `reads the account and cuts its webhook`() async throws {
        let account = try await withClient { try await $0.accountInfo() }
        #expect(account.id == "pa:75346594275468546724")
        #expect(account.subscribersCount == 4_321)
        #expect(account.string("webhook") == "https://sandbox.example:8443")
    }

    @Test func `keeps the webhook on request but never the token`() async throws {
        let kept = try await withClient(keepWebhook: true) { try await $0.accountInfo() }
        #expect(kept.string("webhook") == "https://sandbox.example:8443/viber/5ec2e7")
        // A bot with its token in the path of its webhook, as some guides advise.
        let hidden = try await withClient(accepted: "5ec2e7", token: "5ec2e7", keepWebhook: true) {
            try await $0.accountInfo()
        }
        #expect(hidden.string("webhook") == "https://sandbox.example:8443/viber/<token>")
    }

    struct Expected: Sendable, CustomTestStringConvertible {
        var fault: String
        var reason: FailureReason
        var failureClass: RequestFailure.FailureClass
        var testDescription: String { fault }

        init(_ fault: String, _ reason: FailureReason, _ failureClass: RequestFailure.FailureClass) {
            self.fault = fault
            self.reason = reason
            self.failureClass = failureClass
        }
    }

    static let faults = [
        Expected("http-503", .http(503), .transient), Expected("http-429", .http(429), .throttled),
        Expected("http-401", .http(401), .fatal(.accessDenied)),
        Expected("http-404", .http(404), .fatal(.misconfigured)),
        Expected("http-413", .http(413), .batchRefused), Expected("http-500", .http(500), .transient),
        Expected("html", .protocolError, .transient), Expected("empty", .protocolError, .transient),
        Expected("truncated", .protocolError, .transient), Expected("redirect", .protocolError, .fatal(.misconfigured)),
        Expected("status-12", .api(12), .throttled), Expected("status-3", .badData, .batchRefused),
        Expected("status-2", .api(2), .fatal(.accessDenied)), Expected("status-99", .api(99), .transient),
        Expected("status-0", .protocolError, .transient),
    ]

    @Test(arguments: faults)
    func `every fault becomes its failure`(_ expected: Expected) async throws {
        let failure = try await withClient(faults: [expected.fault]) { client in
            await #expect(throws: RequestFailure.self) { try await client.online(IDBatch(Self.ids)) }
        }
        try check(failure, expected)
    }

    /// Except `status-0`, since an account without fields is a valid response.
    @Test(arguments: faults.dropLast())
    func `the account call fails in the same way`(_ expected: Expected) async throws {
        let failure = try await withClient(faults: ["account:" + expected.fault]) { client in
            await #expect(throws: RequestFailure.self) { try await client.accountInfo() }
        }
        try check(failure, expected)
    }

    private func check(_ failure: RequestFailure?, _ expected: Expected) throws {
        let failure = try #require(failure)
        #expect(failure.reason == expected.reason)
        #expect(failure.failureClass == expected.failureClass)
        #expect(failure.retryAfter == nil)
        #expect(
            failure.requestCounts.throttled == (["http-503", "http-429", "status-12"].contains(expected.fault) ? 1 : 0))
        #expect(failure.description.hasPrefix("127.0.0.1 "))
        #expect(!failure.description.contains(Program.canary))
    }

    @Test func `a wrong token is refused and not shown`() async throws {
        let failure = try await withClient(accepted: "another-token") { client in
            await #expect(throws: RequestFailure.self) { try await client.online(IDBatch(Self.ids)) }
        }
        #expect(failure?.failureClass == .fatal(.accessDenied))
        #expect(failure?.reason == .api(2))
        #expect(failure?.description.contains("invalidAuthToken") == true)
        #expect(failure?.description.contains(Program.canary) == false)
    }

    @Test func `a response that never arrives is a timeout`() async throws {
        var sandbox = SandboxServer.Options(token: Program.canary)
        sandbox.faults = [try #require(Fault("hang"))]
        try await SandboxServer.with(sandbox) { port in
            var options = try Self.options(
                port: port, token: Program.canary, timeout: .milliseconds(200), keepWebhook: false)
            let start = ContinuousClock().now
            let failure = try await ViberClient.with(options, now: { Self.time }) { client in
                await #expect(throws: RequestFailure.self) { try await client.online(IDBatch(Self.ids)) }
            }
            let took = ContinuousClock().now - start
            #expect(failure?.reason == .timeout)
            #expect(failure?.failureClass == .transient)
            #expect(took >= .milliseconds(150))
            #expect(took < .seconds(10))
            // A successful call: once it ends, the sandbox has set up the other connection, too. NIO ends the process
            // if a server shuts down with a connection that it accepted and has not set up yet.
            options.timeout = .seconds(20)
            _ = try await ViberClient.with(options, now: { Self.time }) { try await $0.accountInfo() }
        }
    }

    @Test func `unreadable certificates are reported before any request`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/ca.pem"
            try write("no certificate", to: path)
            for caFile in [path, directory + "/missing.pem"] {
                var options = try Self.options(port: 9, token: "t", timeout: .seconds(1), keepWebhook: false)
                options.caFile = caFile
                let error = await #expect(throws: HTTPClient.UnusableCertificates.self) {
                    try await ViberClient.with(options, now: { Self.time }) { _ in }
                }
                #expect(error?.description.contains(caFile) == true)
            }
        }
    }
}
