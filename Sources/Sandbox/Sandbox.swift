import Model

/// A stand-in Viber API on loopback that answers as the real one does: HTTP 200 with a `status` in the body, the account's
/// facts, and a status for every id by `SimulatedStatus`.
///
/// It reads requests as any server does, and writes what `WireScript` says: so it can do wrong what an HTTP server cannot.
package enum SandboxServer {
    package struct Options: Sendable {
        /// 0 takes a free one.
        package var port = 0
        /// The token that is accepted.
        package var token: String
        /// Added to every answer.
        package var latency: Duration = .zero
        package var faults: [Fault] = []
        /// Of what is random about the faults.
        package var seed: UInt64 = 0
        /// With one the sandbox speaks https.
        package var certificate: SandboxCertificate?
        /// One id of so many is put off with tryLater at first; 0 is none.
        package var tryLaterEvery = 50
        /// `get_online` requests a second; above that the answer is `tooManyRequests`. 0 is no limit.
        package var allowedRate = 0.0
        /// The most ids in a request.
        package var maxIDs = IDBatch.limit
        /// Ids that no request may hold: with one of them it is `badData` as a whole.
        package var poison: Set<String> = []
        /// What `get_account_info` gives as `subscribers_count`.
        package var subscribers = 2_500
        /// A new file that gets a JSON line for each `get_online` request.
        package var logPath: String?

        package init(token: String) { self.token = token }
    }

    /// A token of the shape of Viber's, known to everybody.
    package static let demoToken = "5a4db0c5a4db0c5a-4db0c5a4db0c5a4d-b0c5a4db0c5a4db0"

    /// The sandbox could not listen.
    package struct Unavailable: Error, Sendable, CustomStringConvertible {
        package var port: Int
        package var description: String { "cannot listen on 127.0.0.1 port \(port); is it in use? Try --port 0" }
    }

    /// Runs a sandbox while `body` runs.
    /// `body`: gets the port.
    /// Throws `FileError` for the log, `Unavailable`, and what `body` throws.
    package static func with<Result: Sendable>(
        _ options: Options,
        _ body: @Sendable (_ port: Int) async throws -> Result
    ) async throws -> Result {
        try await SandboxListener(api: SandboxAPI(options)).serve(while: body)
    }
}
