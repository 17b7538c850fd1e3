import Foundation

/// Runs `openssl s_server` on loopback, which answers `get_account_info` from a file.
package enum TLSServer {
    package struct DidNotStart: Error {}

    /// Makes two certificate authorities, `ca.pem` and `other-ca.pem`, and certificates that they signed.
    package static func makeCertificates(in directory: String) async throws {
        let script = """
            set -e
            mkdir pa
            echo '{"status":0,"status_message":"ok","id":"pa:1"}' > pa/get_account_info
            key="-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
            for name in ca other-ca; do openssl req -x509 $key -keyout $name.key -out $name.pem -days 2 -subj /CN=$name; done
            openssl req $key -keyout server.key -out server.csr -subj /CN=localhost
            sign() {
                echo "subjectAltName=$4" > names
                openssl x509 -req -in server.csr -CA $2.pem -CAkey $2.key -CAcreateserial -days $3 -extfile names -out $1.pem
            }
            sign good ca 2 DNS:localhost
            sign expired ca -1 DNS:localhost
            sign stranger other-ca 2 DNS:localhost
            sign elsewhere ca 2 DNS:api.example
            sign address ca 2 IP:127.0.0.1
            openssl req -x509 -key server.key -out self-signed.pem -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost
            """
        let made = try await Tool.run("bash", ["-c", script], in: directory)
        guard made.code == 0 else { throw DidNotStart() }
    }

    /// Runs a server while `body` runs.
    ///
    /// - Parameters:
    ///   - certificate: the name of a certificate from `makeCertificates`.
    ///   - options: further options of `openssl s_server`.
    ///   - port: the port; 0 for any free one.
    ///   - directory: the directory of the certificates.
    ///   - body: runs when the server listens.
    /// - Returns: the result of `body`.
    /// - Throws: `DidNotStart`, or what `body` throws.
    package static func with<Result>(
        _ certificate: String,
        options: [String] = [],
        port: Int = 0,
        in directory: String,
        _ body: (_ port: Int) async throws -> Result
    ) async throws -> Result {
        let log = directory + "/" + UUID().uuidString
        let command =
            ["openssl", "s_server", "-WWW", "-accept", "127.0.0.1:\(port)", "-cert", certificate + ".pem"]
            + ["-key", "server.key"] + options
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                _ = try await Tool.run("bash", ["-c", #"exec "$@" > "$0" 2>&1"#, log] + command, in: directory)
            }
            defer { group.cancelAll() }  // ends the server
            return try await body(try await Self.port(in: log) ?? port)
        }
    }

    /// Waits until the server listens.
    ///
    /// - Parameter log: the log file of the server.
    /// - Returns: the port if the server chose it, else nil.
    /// - Throws: `DidNotStart`.
    private static func port(in log: String) async throws -> Int? {
        for _ in 0..<2_000 {
            let text = String(decoding: (try? bytes(of: log)) ?? [], as: UTF8.self)
            if let line = text.firstMatch(of: /ACCEPT(?: [0-9.]+:([0-9]+))?\n/) {
                return line.output.1.flatMap { Int($0) }
            }
            try await Task.sleep(for: .milliseconds(5))  // between two reads of the log
        }
        throw DidNotStart()
    }
}
