import Formats
package import Model
import RollCall
package import ViberAPI

/// Asks for the account before any id is sent: shows that the token is good and the API there.
package struct Preflight<Time: Clock<Duration>>: Sendable {
    private let clock: Time
    private let random: @Sendable () -> Double
    private let noteFailure: @Sendable (RequestFailure) -> Void

    /// `noteFailure`: is told of each request that failed.
    package init(
        clock: Time,
        random: @escaping @Sendable () -> Double,
        noteFailure: @escaping @Sendable (RequestFailure) -> Void = { _ in }
    ) {
        self.clock = clock
        self.random = random
        self.noteFailure = noteFailure
    }

    /// - Returns: the account, or why there is none and the run goes on all the same: completeness is about ids only.
    /// - Throws: `RequestFailure` if the token is refused, the set-up wrong, or nobody there.
    func account(of client: ViberClient) async throws -> (account: Account?, error: String?) {
        do throws(RequestFailure) {
            return (try await required(of: client), nil)
        } catch {
            if case .fatal = error.failureClass { throw error }
            if error.reason == .connection { throw error }
            return (nil, SanitizedText(error.description).description)
        }
    }

    /// - Throws: `RequestFailure` if no account came, after some tries.
    package func required(of client: ViberClient) async throws(RequestFailure) -> Account {
        let policy = RetryPolicy()
        let loop = RetryLoop(
            clock: clock,
            decide: { [random, noteFailure] failure, tries in
                noteFailure(failure)
                // No connection is worth more patience than an answer that makes no sense.
                guard failure.reason == .connection || tries.total < 3 else { return .stop }
                var failure = failure
                // There is nothing in this request to take apart: what is refused may have been refused in passing.
                if failure.failureClass == .batchRefused { failure.failureClass = .transient }
                return policy.decision(on: failure, after: tries, random: random())
            })
        var spent = RequestCounts()
        return try await loop.run(spent: &spent) { () async throws(RequestFailure) in try await client.accountInfo() }
    }
}
