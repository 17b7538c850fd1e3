import Foundation
import TestSupport
import Testing

@testable import ViberAPI

/// What the HTTP client is told, since most of it shows only when a server turns hostile.
@Suite struct HTTPConfigurationTests {
    private func options(
        _ baseURL: String = "https://api.example", timeout: Duration = .seconds(30)
    ) throws -> ViberClient.Options {
        ViberClient.Options(
            baseURL: try BaseURL(baseURL), token: try AuthToken(Array(Program.canary.utf8)), timeout: timeout,
            concurrency: 48, caFile: nil, keepWebhook: false)
    }

    /// A setting by its path, as the configuration shows it: its types are the client's own affair.
    private func setting(_ path: String, _ options: ViberClient.Options) throws -> String {
        var value: Any = try ViberClient.configuration(options, authorities: ["/"])
        for name in path.split(separator: ".") {
            value = try #require(Mirror(reflecting: value).children.first { $0.label == String(name) }?.value)
        }
        return "\(value)"
    }

    @Test(arguments: [
        ("redirectConfiguration.mode", "disallow"), ("httpVersion.configuration", "http1Only"),
        ("decompression", "disabled"), ("proxy", "nil"), ("tlsConfiguration.some.minimumTLSVersion", "tlsv12"),
        ("tlsConfiguration.some.certificateVerification", "fullVerification"),
        ("connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit", "48"),
        ("connectionPool.retryConnectionEstablishment", "false"), ("connectionPool.idleTimeout", "5 s"),
    ])
    func holdsWhatTheSafetyOfTheTokenAndTheRunRestsOn(_ path: String, _ value: String) throws {
        #expect(try setting(path, options()) == value)
    }

    /// In milliseconds.
    @Test(arguments: [(200, 200, 200), (5_000, 5_000, 5_000), (6_000, 5_000, 6_000), (30_000, 5_000, 20_000)])
    func noPartOfARequestMayTakeLongerThanTheWhole(_ timeout: Int64, _ connect: Int64, _ head: Int64) throws {
        let options = try options(timeout: .milliseconds(timeout))
        #expect(try setting("timeout.connect.some.nanoseconds", options) == "\(connect * 1_000_000)")
        #expect(try setting("timeout.read.some.nanoseconds", options) == "\(head * 1_000_000)")
        #expect(ViberClient.headLimit(options) == .milliseconds(head))
    }

    /// A directory with nothing in it is what openssl's own package leaves on a machine without certificates.
    @Test func withoutTrustedCertificatesTheClientIsNotOpened() async throws {
        try await withTemporaryDirectory { directory in
            let file = directory + "/ca.pem"
            let places = [file, directory]
            let error = #expect(throws: ViberClient.NoAuthorities.self) {
                try ViberClient.configuration(try options(), authorities: places)
            }
            #expect(
                error?.description
                    == "no CA certificates on this machine; install ca-certificates "
                    + "(Debian: apt-get install ca-certificates) or give --ca-file")
            _ = try ViberClient.configuration(try options("http://127.0.0.1"), authorities: places)
            try write("", to: directory + "/something.pem")
            _ = try ViberClient.configuration(try options(), authorities: places)
            _ = try ViberClient.configuration(try options(), authorities: [directory + "/something.pem"])
        }
    }

    /// Read in the code of the library, which keeps its list to itself.
    @Test func looksWhereTheTLSLibraryLooks() throws {
        var build = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        for _ in 0..<3 { build.deleteLastPathComponent() }
        let code = try bytes(of: build.path + "/checkouts/swift-nio-ssl/Sources/NIOSSL/LinuxCABundle.swift")
        let places = String(decoding: code, as: UTF8.self).matches(of: /"(\/[^"]*)"/).map { String($0.output.1) }
        #expect(places == ViberClient.authorities)
    }
}
