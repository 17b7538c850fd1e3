import Formats
package import Model
import RollCall
package import ViberAPI

/// Requests the account before any id is sent: proves that the token is valid and the API reachable.
package struct Preflight<Time: Clock<Duration>>: Sendable {
    private let clock: Time
    private let random: @Sendable () -> Double
    private let onFailure: @Sendable (RequestFailure) -> Void

    /// - Parameters:
    ///   - clock: for the waits between attempts.
    ///   - random: returns numbers from 0 up to 1, for jitter.
    ///   - onFailure: called for each failed request.
    package init(
        clock: Time,
        random: @escaping @Sendable () -> Double,
        onFailure: @escaping @Sendable (RequestFailure) -> Void = { _ in }
    ) {
        self.clock = clock
        self.random = random
        self.onFailure = onFailure
    }

    /// Requests the account. A run can do without it, since completeness is about ids only.
    ///
    /// - Returns: the account, or the error because of which it is unknown.
    /// - Throws: `RequestFailure` if the token is refused, the configuration is wrong, or the API is unreachable.
    func account(of client: ViberClient) async throws -> (account: Account?, error: String?) {
        do throws(RequestFailure) {
            return (try await required(of: client), nil)
        } catch {
            if case .fatal = error.failureClass { throw error }
            if error.reason == .connection { throw error }
            return (nil, SanitizedText(error.description).description)
        }
    }

    /// Requests an account that the caller cannot do without.
    ///
    /// - Returns: the account.
    /// - Throws: `RequestFailure` if every attempt failed.
    package func required(of client: ViberClient) async throws(RequestFailure) -> Account {
        let policy = RetryPolicy()
        let loop = RetryLoop(
            clock: clock,
            decide: { [random, onFailure] failure, tries in
                onFailure(failure)
                // A missing connection is retried more often than an invalid response.
                guard failure.reason == .connection || tries.total < 3 else { return .stop }
                var failure = failure
                // This request cannot be split, and the refusal may be transient.
                if failure.failureClass == .batchRefused { failure.failureClass = .transient }
                return policy.decision(on: failure, after: tries, random: random())
            })
        var spent = RequestCounts()
        return try await loop.run(spent: &spent) { () async throws(RequestFailure) in try await client.accountInfo() }
    }
}
