package import Model
import Synchronization

/// Limits the requests in flight and the requests per second, and sends none while the API has asked for a pause or is
/// down. Each attempt of a retried request counts.
package final class RateLimitedClient<Inner: OnlineStatusClient, Time: Clock<Duration>>: OnlineStatusClient {
    private let inner: Inner
    private let clock: Time
    private let policy: @Sendable () -> RetryPolicy
    private let random: @Sendable () -> Double
    private let state: Mutex<State>

    private struct State {
        var congestion: CongestionController<Time.Instant>
        /// Requests that wait until another ends, in order of arrival.
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    /// Creates a client that limits the requests of another.
    ///
    /// - Parameters:
    ///   - inner: sends the requests.
    ///   - rate: maximum number of requests per second; 0 for no limit.
    ///   - concurrency: maximum number of requests in flight.
    ///   - policy: returns the policy that also decides whether the batch is retried.
    ///   - clock: measures waits.
    ///   - random: returns a number in 0..<1.
    package init(
        _ inner: Inner,
        rate: Double,
        concurrency: Int,
        policy: @escaping @Sendable () -> RetryPolicy,
        clock: Time,
        random: @escaping @Sendable () -> Double
    ) {
        self.inner = inner
        self.clock = clock
        self.policy = policy
        self.random = random
        state = Mutex(State(congestion: CongestionController(concurrency: concurrency, rate: rate, now: clock.now)))
    }

    package func fetch(_ batch: IDBatch) async throws(RequestFailure) -> BatchReply {
        let permit = try await admission()
        do {
            let reply = try await inner.fetch(batch)
            let tryLaterPause =
                reply.answersOnlyTryLater(of: batch) ? policy().pause(after: .tryLaterStorm, random: random()) : nil
            update { $0.answered(permit, now: clock.now, tryLaterPause: tryLaterPause, random: random()) }
            return reply
        } catch {
            var failure = error
            let pause = policy().pause(after: failure, random: random())
            update { $0.failed(failure, permit, now: clock.now, pause: pause, random: random()) }
            if failure.failureClass == .throttled { failure.pause = pause }
            // A probe that finds the API still down does not count as an attempt of its batch.
            if permit.isProbe, failure.failureClass == .transient { failure.failureClass = .throttled }
            throw failure
        }
    }

    /// Records that a failed request is about to be retried, which spends from the retry budget.
    package func recordRetry(of failure: RequestFailure) {
        guard failure.failureClass == .transient else { return }
        update { $0.retry(now: clock.now, random: random()) }
    }

    private func update(_ change: (inout CongestionController<Time.Instant>) -> Void) {
        let woken = state.withLock { state in
            change(&state.congestion)
            defer { state.waiting.removeAll() }
            return state.waiting
        }
        for continuation in woken { continuation.resume() }
    }

    private func admission() async throws(RequestFailure) -> CongestionController<Time.Instant>.Permit {
        while true {
            guard !Task.isCancelled else { throw Self.notSent("stopped before the request was sent", .transient) }
            switch state.withLock({ $0.congestion.admit(at: clock.now) }) {
            case .go(let permit): return permit
            case .stalled:
                throw Self.notSent("no successful answer for 10 minutes", .fatal(.temporary))
            case .wait(let wait):
                do {
                    try await clock.sleep(for: wait)
                } catch {
                    throw Self.notSent("stopped before the request was sent", .transient)
                }
            case .atConcurrencyLimit:
                await withCheckedContinuation { continuation in
                    let canProceed = state.withLock { state in
                        guard state.congestion.inFlight > 0 else { return true }
                        state.waiting.append(continuation)
                        return false
                    }
                    if canProceed { continuation.resume() }
                }
            }
        }
    }

    private static func notSent(_ message: String, _ failureClass: RequestFailure.FailureClass) -> RequestFailure {
        var failure = RequestFailure(reason: .connection, failureClass: failureClass, description: message)
        failure.requestCounts.requests = 0
        return failure
    }
}

extension BatchReply {
    /// Whether the status of every id of a full batch is `tryLater`.
    fileprivate func answersOnlyTryLater(of batch: IDBatch) -> Bool {
        batch.isFull && users.count >= batch.count && users.allSatisfy { $0.status == .tryLater }
    }
}

extension RequestFailure {
    /// The failure that several such replies in a row count as.
    fileprivate static let tryLaterStorm = RequestFailure(
        reason: .api(Int(OnlineStatus.tryLater.rawValue)), failureClass: .throttled, description: "try later")
}
