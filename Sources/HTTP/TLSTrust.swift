import Foundation
import NIOCore
import NIOPosix
import NIOSSL

/// The certificates that the client trusts.
extension HTTPClient {
    /// The `--ca-file` cannot be used.
    package struct UnusableCertificates: Error, Sendable, CustomStringConvertible {
        package var path: String

        package init(path: String) { self.path = path }

        package var description: String { "--ca-file \(path) contains no certificate in PEM form, or cannot be read" }
    }

    /// This machine has no CA certificates, so no server certificate would verify.
    package struct MissingCACertificates: Error, Sendable, CustomStringConvertible {
        package var description: String {
            "no CA certificates on this machine; install ca-certificates (Debian: apt-get install ca-certificates) or "
                + "give --ca-file"
        }
    }

    /// The CA certificates of this machine cannot be read.
    package struct UnreadableCACertificates: Error, Sendable, CustomStringConvertible {
        package var description: String {
            "the CA certificates of this machine cannot be read (\(caPaths.joined(separator: ", "))); reinstall "
                + "ca-certificates (Debian: apt-get install --reinstall ca-certificates)"
        }
    }

    /// The only paths where the TLS library looks for certificates: two files and a directory.
    static let caPaths = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/certs",
    ]

    /// At least TLS 1.2, with certificates and host names checked.
    ///
    /// - Parameters:
    ///   - options: the endpoint and the `--ca-file`.
    ///   - caPaths: files of trusted certificates, and directories with such files; one that exists is enough.
    /// - Returns: the configuration; nil for plain http to this machine.
    /// - Throws: `UnusableCertificates` and `MissingCACertificates`.
    static func security(_ options: Options, caPaths: [String] = caPaths) throws -> TLSConfiguration? {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        tls.applicationProtocols = ["http/1.1"]
        if let path = options.caFile {
            guard let certificates = try? NIOSSLCertificate.fromPEMFile(path), !certificates.isEmpty else {
                throw UnusableCertificates(path: path)
            }
            // In addition to those of the machine, if it has any: the TLS library fails for a list that does not exist.
            if caPaths.contains(where: exists) {
                tls.additionalTrustRoots = [.certificates(certificates)]
            } else {
                tls.trustRoots = .certificates(certificates)
            }
        } else if options.endpoint.isSecure, !caPaths.contains(where: exists) {
            throw MissingCACertificates()
        }
        return options.endpoint.isSecure ? tls : nil
    }

    /// Reads all trusted certificates.
    ///
    /// - Throws: `UnreadableCACertificates`; `CancellationError`.
    static func context(_ tls: TLSConfiguration) async throws -> NIOSSLContext {
        do {
            return try await NIOThreadPool.singleton.runIfActive { try NIOSSLContext(configuration: tls) }
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw UnreadableCACertificates()
        }
    }

    /// Whether the path is a file or a directory that is not empty.
    private static func exists(_ path: String) -> Bool {
        if let entries = try? FileManager.default.contentsOfDirectory(atPath: path) { return !entries.isEmpty }
        return FileManager.default.fileExists(atPath: path)
    }
}
