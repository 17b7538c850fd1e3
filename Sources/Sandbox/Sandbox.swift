import Model

/// A simulated Viber API on loopback that responds as the real one does: HTTP 200 with a `status` in the body, the
/// account's fields, and the `SimulatedStatus` of every id.
///
/// It reads requests as any server does, but writes the bytes of a `WireScript`, so it can also send invalid HTTP.
package enum SandboxServer {
    package struct Options: Sendable {
        /// The port on 127.0.0.1; 0 for a free one.
        package var port = 0
        /// The accepted token.
        package var token: String
        /// The delay of every response.
        package var latency: Duration = .zero
        package var faults: [Fault] = []
        /// The seed for random faults.
        package var seed: UInt64 = 0
        /// The certificate for https; nil for plain http.
        package var certificate: SandboxCertificate?
        /// One id in `tryLaterEvery` gets tryLater first; 0 for none.
        package var tryLaterEvery = 50
        /// The allowed `get_online` requests per second; above that the response is `tooManyRequests`. 0 for no limit.
        package var allowedRate = 0.0
        /// The maximum number of ids in a request.
        package var maxIDs = IDBatch.limit
        /// Forbidden ids: a request with one of them gets `badData`.
        package var poison: Set<String> = []
        /// The `subscribers_count` of `get_account_info`.
        package var subscribers = 2_500
        /// A new file for the request log: one JSON line per `get_online` request.
        package var logPath: String?

        package init(token: String) { self.token = token }
    }

    /// A public token in the format of Viber's tokens.
    package static let demoToken = "5a4db0c5a4db0c5a-4db0c5a4db0c5a4d-b0c5a4db0c5a4db0"

    /// The sandbox could not listen.
    package struct Unavailable: Error, Sendable, CustomStringConvertible {
        package var port: Int
        package var description: String { "cannot listen on 127.0.0.1 port \(port); is it in use? Try --port 0" }
    }

    /// Runs a sandbox while `body` runs.
    ///
    /// - Parameters:
    ///   - options: what the sandbox accepts and does wrong.
    ///   - body: receives the port.
    /// - Returns: the result of `body`.
    /// - Throws: `FileError` for the log, `Unavailable`, and what `body` throws.
    package static func with<Result: Sendable>(
        _ options: Options,
        _ body: @Sendable (_ port: Int) async throws -> Result
    ) async throws -> Result {
        try await SandboxListener(api: SandboxAPI(options)).serve(while: body)
    }
}
