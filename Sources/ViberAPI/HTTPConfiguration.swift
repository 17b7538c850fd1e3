import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL

/// How the HTTP client is set.
extension ViberClient {
    /// The `--ca-file` cannot be used.
    package struct UnusableCertificates: Error, Sendable, CustomStringConvertible {
        package var path: String
        package var description: String { "--ca-file \(path) holds no certificate in PEM form, or cannot be read" }
    }

    /// Nothing on this machine says which certificates to trust, so that none would verify.
    package struct NoAuthorities: Error, Sendable, CustomStringConvertible {
        package var description: String {
            "no CA certificates on this machine; install ca-certificates (Debian: apt-get install ca-certificates) or "
                + "give --ca-file"
        }
    }

    /// Where the TLS library looks for certificates, and nowhere else: files, and a directory.
    static let authorities = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/certs",
    ]

    /// `authorities`: files of trusted certificates, and directories with such files; one that is there will do.
    /// Throws `UnusableCertificates` and `NoAuthorities`.
    static func configuration(
        _ options: Options, authorities: [String] = authorities
    ) throws -> HTTPClient.Configuration {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if let path = options.caFile {
            guard let certificates = try? NIOSSLCertificate.fromPEMFile(path), !certificates.isEmpty else {
                throw UnusableCertificates(path: path)
            }
            tls.additionalTrustRoots = [.certificates(certificates)]
        } else if options.baseURL.isSecure, !authorities.contains(where: isThere) {
            throw NoAuthorities()
        }
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
        configuration.redirectConfiguration = .disallow
        configuration.httpVersion = .http1Only
        configuration.decompression = .disabled
        configuration.tracing.tracer = nil
        configuration.http1_1ConnectionDebugInitializer = addHandlers
        configuration.timeout = .init(
            connect: TimeAmount(min(.seconds(5), options.timeout)), read: TimeAmount(headLimit(options)))
        configuration.connectionPool.idleTimeout = .seconds(5)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = options.concurrency
        // Without this, a refused connection or a bad certificate is tried for ten seconds and its cause is lost.
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    /// Puts our handlers between the codec of a new connection and the HTTP client.
    @Sendable private static func addHandlers(to channel: any Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.submit {
            let pipeline = channel.pipeline.syncOperations
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPResponseDecoder>.self)
            try pipeline.addHandlers(StatusFloor(), WholeRequest(), position: .after(decoder))
        }
    }

    /// The longest wait for the first byte of an answer, and between two of them.
    static func headLimit(_ options: Options) -> Duration { min(.seconds(20), options.timeout) }

    /// Whether there is a file, or a directory with something in it.
    private static func isThere(_ path: String) -> Bool {
        if let entries = try? FileManager.default.contentsOfDirectory(atPath: path) { return !entries.isEmpty }
        return FileManager.default.fileExists(atPath: path)
    }
}
