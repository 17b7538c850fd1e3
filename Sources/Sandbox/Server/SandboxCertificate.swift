import NIOSSL

/// The certificate that the sandbox uses for TLS.
package struct SandboxCertificate: Sendable {
    let configuration: TLSConfiguration

    /// - Parameters:
    ///   - certificates: PEM file of the certificate and its intermediate certificates.
    ///   - key: PEM file of its private key.
    /// - Throws: the error of NIOSSL if the files cannot be read, or do not belong together.
    package init(certificates: String, key: String) throws {
        configuration = .makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(certificates).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
        _ = try NIOSSLContext(configuration: configuration)
    }
}
