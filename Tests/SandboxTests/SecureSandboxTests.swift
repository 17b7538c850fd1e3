import TestSupport
import Testing

@testable import Sandbox

/// The sandbox with TLS, with a client in Python.
@Suite(.needs("python3"), .needs("openssl")) struct SecureSandboxTests {
    /// A self-signed certificate for 127.0.0.1 and its key.
    static func makeCertificate(in path: String) async throws -> (certificate: String, key: String) {
        let names = (certificate: path + "/certificate.pem", key: path + "/key.pem")
        let result = try await Tool.run(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=sandbox", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", names.key, "-out",
                names.certificate,
            ])
        #expect(result.code == 0, "\(result.error)")
        return names
    }

    /// Sends four requests over TLS and prints how each response ended; then connects once without trusting the
    /// certificate.
    private static let program = """
        import os
        trusting = ssl.create_default_context(cafile=IDS[0])
        for number in range(4):
            with trusting.wrap_socket(connect(), server_hostname="127.0.0.1", suppress_ragged_eofs=False) as connection:
                connection.sendall(request(IDS[1:]))
                data = b""
                try:
                    while not data.endswith(b"]}"):
                        piece = connection.recv(1 << 16)
                        if not piece: break
                        data += piece
                    end = "whole" if data.endswith(b"]}") else "end"
                except (ConnectionResetError, ssl.SSLEOFError): end = "without farewell"
                print(end)
        try: ssl.create_default_context().wrap_socket(connect(), server_hostname="127.0.0.1")
        except ssl.SSLCertVerificationError as error: print(error.verify_message)
        """

    @Test(
        arguments: [
            ([], ["whole", "whole", "whole", "whole"]),
            (["reset-peer@2", "stale@3", "reset-body@4"], ["whole", "without farewell", "end", "without farewell"]),
        ] as [([String], [String])])
    func `speaks HTTPS with its certificate`(_ faults: [String], _ ends: [String]) async throws {
        try await withTemporaryDirectory { path in
            let names = try await Self.makeCertificate(in: path)
            let certificate = try SandboxCertificate(certificates: names.certificate, key: names.key)
            let output = try await SandboxClient.run(
                Self.program, faults: faults, ids: [names.certificate] + SampleIDs.ids(3)
            ) { $0.certificate = certificate }
            #expect(output.split(separator: "\n").map(String.init) == ends + ["self-signed certificate"])
        }
    }

    @Test func `a certificate is read with the key that belongs to it`() async throws {
        try await withTemporaryDirectory { path in
            let names = try await Self.makeCertificate(in: path)
            let other = try await withTemporaryDirectory { path in
                try bytes(of: try await Self.makeCertificate(in: path).key)
            }
            try write(other, to: path + "/other.pem")
            for (certificate, key) in [
                (names.certificate, path + "/other.pem"), (names.key, names.key),
                (names.certificate, names.certificate), (path + "/none", names.key),
                (names.certificate, path + "/none"),
            ] {
                #expect(throws: (any Error).self) { try SandboxCertificate(certificates: certificate, key: key) }
            }
        }
    }
}
