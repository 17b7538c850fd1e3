package import Model
import Synchronization

/// Sends requests when the road is clear: neither too many at once nor too many a second, and none while the API asks
/// to be left alone or is down. Every try of a retried request counts.
package final class RateLimitedClient<Inner: OnlineStatusClient, Time: Clock<Duration>>: OnlineStatusClient {
    private let inner: Inner
    private let clock: Time
    private let policy: @Sendable () -> RetryPolicy
    private let random: @Sendable () -> Double
    private let state: Mutex<State>

    private struct State {
        var congestion: CongestionController<Time.Instant>
        /// Requests that wait for another to end, first come first served.
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    /// `rate`: requests a second; 0 is no limit.
    /// `concurrency`: the most requests in flight.
    /// `policy`: the one that also decides about the batch.
    /// `random`: a number from 0 up to 1.
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
            // A probe that finds the API still down is no attempt of its batch.
            if permit.isProbe, failure.failureClass == .transient { failure.failureClass = .throttled }
            throw failure
        }
    }

    /// Notes that a failed request is about to be sent again, which the retry budget has to allow.
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
                    let isClear = state.withLock { state in
                        guard state.congestion.inFlight > 0 else { return true }
                        state.waiting.append(continuation)
                        return false
                    }
                    if isClear { continuation.resume() }
                }
            }
        }
    }

    private static func notSent(_ what: String, _ failureClass: RequestFailure.FailureClass) -> RequestFailure {
        var failure = RequestFailure(reason: .connection, failureClass: failureClass, description: what)
        failure.requestCounts.requests = 0
        return failure
    }
}

extension BatchReply {
    /// Whether every id of a full batch is to be asked later.
    fileprivate func answersOnlyTryLater(of batch: IDBatch) -> Bool {
        batch.isFull && users.count >= batch.count && users.allSatisfy { $0.status == .tryLater }
    }
}

extension RequestFailure {
    /// What a row of such answers counts as.
    fileprivate static let tryLaterStorm = RequestFailure(
        reason: .api(Int(OnlineStatus.tryLater.rawValue)), failureClass: .throttled, description: "try later")
}
