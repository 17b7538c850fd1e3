import Foundation
import NIOCore
import NIOSSL
import TestSupport
import Testing

@testable import HTTP

/// Trusted certificates and connection timeouts.
@Suite struct HTTPConfigurationTests {
    private func options(isSecure: Bool = true, timeout: Duration = .seconds(30)) -> HTTPClient.Options {
        let endpoint = HTTPEndpoint(address: "api.example", port: 443, isSecure: isSecure, serverName: "api.example")
        return HTTPClient.Options(endpoint: endpoint, headers: [], timeout: timeout)
    }

    @Test func `tls is modern and checks certificates and names`() throws {
        let tls = try #require(try HTTPClient.security(options(), caPaths: ["/"]))
        #expect(tls.minimumTLSVersion == .tlsv12)
        #expect(tls.certificateVerification == .fullVerification)
        #expect(tls.applicationProtocols == ["http/1.1"])
    }

    /// Times in milliseconds.
    @Test(arguments: [(200, 200), (5_000, 5_000), (6_000, 5_000), (30_000, 5_000), (30_001, 30_001), (60_000, 60_000)])
    func `connecting may take five seconds or the whole of a longer limit`(_ timeout: Int64, _ connect: Int64) throws {
        #expect(HTTPLimits(timeout: .milliseconds(timeout)).connect == .milliseconds(connect))
    }

    /// A name may resolve to any address, so the address is checked.
    @Test(arguments: [
        ("127.0.0.1", true), ("127.9.8.7", true), ("::1", true), ("::ffff:127.0.0.1", true), ("10.99.0.1", false),
        ("::2", false), ("fe80::1", false), ("0.0.0.0", false), ("::ffff:10.0.0.1", false), ("128.0.0.1", false),
    ])
    func `only loopback is this machine`(_ address: String, _ isLoopback: Bool) throws {
        #expect(try SocketAddress(ipAddress: address, port: 80).isLoopback == isLoopback)
    }

    /// On a machine without certificates, the openssl package leaves an empty directory.
    @Test func `without trusted certificates no client is created`() async throws {
        try await withTemporaryDirectory { directory in
            let file = directory + "/ca.pem"
            let paths = [file, directory]
            let error = #expect(throws: HTTPClient.MissingCACertificates.self) {
                try HTTPClient.security(options(), caPaths: paths)
            }
            #expect(
                error?.description
                    == "no CA certificates on this machine; install ca-certificates "
                    + "(Debian: apt-get install ca-certificates) or give --ca-file")
            #expect(try HTTPClient.security(options(isSecure: false), caPaths: paths) == nil)
            try write("", to: directory + "/something.pem")
            _ = try HTTPClient.security(options(), caPaths: paths)
            _ = try HTTPClient.security(options(), caPaths: [directory + "/something.pem"])
        }
    }

    /// Then only the certificates of `--ca-file` are trusted.
    @Test(.needs("openssl")) func `a certificate file is enough where the machine has none`() async throws {
        try await withTemporaryDirectory { directory in
            try await TLSServer.makeCertificates(in: directory)
            var options = self.options()
            options.caFile = directory + "/ca.pem"
            let alone = try #require(try HTTPClient.security(options, caPaths: [directory + "/none"]))
            #expect(alone.additionalTrustRoots.isEmpty)
            guard case .certificates(let trusted) = alone.trustRoots else {
                Issue.record("other certificates are trusted")
                return
            }
            #expect(trusted.count == 1)
            let beside = try #require(try HTTPClient.security(options, caPaths: [directory]))
            #expect(beside.trustRoots == .default)
            #expect(beside.additionalTrustRoots.count == 1)
            _ = try await HTTPClient.context(alone)
        }
    }

    /// Found when the client is created, and not reported as a bug of the program.
    @Test(.needs("openssl"), arguments: ["", "junk", "half"])
    func `unreadable CA certificates are reported`(_ damage: String) async throws {
        try await withTemporaryDirectory { directory in
            try await TLSServer.makeCertificates(in: directory)
            let whole = try bytes(of: directory + "/ca.pem")
            let content = damage == "half" ? Array(whole.prefix(whole.count / 2)) : Array(damage.utf8)
            try write(content, to: directory + "/bundle.pem")
            var tls = try #require(try HTTPClient.security(options(), caPaths: ["/"]))
            tls.trustRoots = .file(directory + "/bundle.pem")
            await #expect(throws: HTTPClient.UnreadableCACertificates.self) { _ = try await HTTPClient.context(tls) }
        }
    }

    /// The list is read from the library's source, since it is not public.
    @Test func `looks where the TLS library looks`() throws {
        var build = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        for _ in 0..<3 { build.deleteLastPathComponent() }
        let code = try bytes(of: build.path + "/checkouts/swift-nio-ssl/Sources/NIOSSL/LinuxCABundle.swift")
        let paths = String(decoding: code, as: UTF8.self).matches(of: /"(\/[^"]*)"/).map { String($0.output.1) }
        #expect(paths == HTTPClient.caPaths)
    }
}
