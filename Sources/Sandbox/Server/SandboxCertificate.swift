import NIOSSL

/// What the sandbox shows to clients that speak TLS.
package struct SandboxCertificate: Sendable {
    let configuration: TLSConfiguration

    /// `certificates`: PEM file of the certificate, and of those between it and its root.
    /// `key`: PEM file of its private key.
    /// Throws what NIOSSL says if they cannot be read, or do not belong together.
    package init(certificates: String, key: String) throws {
        configuration = .makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(certificates).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
        _ = try NIOSSLContext(configuration: configuration)
    }
}
