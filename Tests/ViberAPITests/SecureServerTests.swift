import Model
import TestSupport
import Testing

@testable import ViberAPI

/// TLS against `openssl s_server`.
@Suite(.needs("openssl")) struct SecureServerTests {
    /// Runs `body` with a client that also trusts the test's CA.
    private func withClient<Result: Sendable>(
        port: Int, host: String = "localhost", in directory: String, _ body: (ViberClient) async throws -> Result
    ) async throws -> Result {
        var options = try ViberClientTests.options(
            port: port, token: Program.canary, timeout: .seconds(20), keepWebhook: false)
        options.baseURL = try BaseURL("https://\(host):\(port)")
        options.caFile = directory + "/ca.pem"
        return try await ViberClient.with(options, now: { ViberClientTests.time }, body)
    }

    /// Checks that the account call fails permanently and soon.
    private func checkFailure(of client: ViberClient, _ server: Comment) async {
        let start = ContinuousClock().now
        let failure = await #expect(throws: RequestFailure.self, server) { try await client.accountInfo() }
        #expect(ContinuousClock().now - start < .seconds(4), server)
        #expect(failure?.failureClass == .fatal(.misconfigured), server)
        #expect(failure?.reason == .connection, server)
        #expect(failure?.description.hasPrefix("no secure connection to localhost: TLS failed. ") == true, server)
    }

    @Test func `a modern server is accepted`() async throws {
        try await withTemporaryDirectory { directory in
            try await TLSServer.makeCertificates(in: directory)
            for options in [["-tls1_2"], ["-tls1_3"], ["-alpn", "http/1.1"], ["-alpn", "h2,http/1.1"]] {
                let account = try await TLSServer.with("good", options: options, in: directory) { port in
                    try await withClient(port: port, in: directory) { try await $0.accountInfo() }
                }
                #expect(account.id == "pa:1", "\(options)")
            }
        }
    }

    @Test func `a server may be an IP address`() async throws {
        try await withTemporaryDirectory { directory in
            try await TLSServer.makeCertificates(in: directory)
            let account = try await TLSServer.with("address", in: directory) { port in
                try await withClient(port: port, host: "127.0.0.1", in: directory) { try await $0.accountInfo() }
            }
            #expect(account.id == "pa:1")
        }
    }

    /// A server that accepts connections and sends nothing counts as unreachable.
    @Test func `a handshake that never completes is a connection failure`() async throws {
        let server = try CannedServer { $0.waitForEnd() }
        defer { server.stop() }
        var options = try ViberClientTests.options(
            port: server.port, token: Program.canary, timeout: .milliseconds(300), keepWebhook: false)
        options.baseURL = try BaseURL("https://localhost:\(server.port)")
        let failure = try await ViberClient.with(options, now: { ViberClientTests.time }) { client in
            try await client.result().failure
        }
        #expect(failure.reason == .connection)
        #expect(failure.failureClass == .transient)
        #expect(failure.description == "no answer from localhost: no connection within the time limit")
    }

    /// Certificates that are self-signed, expired, from an unknown CA, or for another host; old TLS; and HTTP/2 only.
    @Test func `an untrusted or incompatible server is fatal`() async throws {
        let weak = ["-cipher", "DEFAULT@SECLEVEL=0"]
        let servers: [(certificate: String, options: [String])] = [
            ("self-signed", []), ("expired", []), ("stranger", []), ("elsewhere", []), ("good", ["-tls1_1"] + weak),
            ("good", ["-tls1"] + weak), ("good", ["-alpn", "h2"]),
        ]
        try await withTemporaryDirectory { directory in
            try await TLSServer.makeCertificates(in: directory)
            for server in servers {
                try await TLSServer.with(server.certificate, options: server.options, in: directory) { port in
                    try await withClient(port: port, in: directory) { client in
                        await checkFailure(of: client, "\(server)")
                    }
                }
            }
        }
    }

    @Test func `a certificate that becomes invalid is fatal too`() async throws {
        try await withTemporaryDirectory { directory in
            try await TLSServer.makeCertificates(in: directory)
            let port = try await TLSServer.with("good", in: directory) { $0 }
            try await withClient(port: port, in: directory) { client in
                let account = try await TLSServer.with("good", port: port, in: directory) { _ in
                    try await client.accountInfo()
                }
                #expect(account.id == "pa:1")
                try await TLSServer.with("expired", port: port, in: directory) { _ in
                    await checkFailure(of: client, "expired by now")
                }
            }
        }
    }
}
