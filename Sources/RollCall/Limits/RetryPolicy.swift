package import Model

/// Decides which failed requests are retried, and after how long: a pure function of its input.
///
/// Repeating `get_online` is harmless, since it only reads. A batch job is not interactive, so a late answer is better
/// than a missing one.
package struct RetryPolicy: Sendable {
    /// Maximum number of attempts for one batch with transient failures, including the first.
    package var attempts = 6
    package var transientBase: Duration = .milliseconds(500)
    package var transientLimit: Duration = .seconds(30)
    package var throttledFloor: Duration = .seconds(1)
    package var throttledBase: Duration = .seconds(1)
    package var throttledLimit: Duration = .seconds(60)
    /// The longest wait that the server may request with `Retry-After`.
    package var retryAfterLimit: Duration = .seconds(300)

    /// The time until the deadline; nil for no deadline.
    private let timeRemaining: Duration?
    private let maySplit: Bool

    /// Creates a policy.
    ///
    /// - Parameters:
    ///   - timeRemaining: the time until the deadline. If the server requests a longer wait, the batch is not retried.
    ///   - maySplit: whether a batch that is throttled repeatedly may be split, to find out whether its content is the
    ///     reason.
    package init(timeRemaining: Duration? = nil, maySplit: Bool = false) {
        self.timeRemaining = timeRemaining
        self.maySplit = maySplit
    }

    /// A batch is split after this number of throttled replies, if other batches were answered between so many of them.
    private static var splitThreshold: (throttled: Int, overtaken: Int) { (6, 3) }

    /// The number of failures of one batch, by class.
    package struct FailureCounts: Sendable, Equatable {
        /// Failures that count as attempts.
        package var transient = 0
        /// Throttled replies; they do not count as attempts.
        package var throttled = 0
        /// Kept-alive connections that turned out to be closed; the first does not count as an attempt.
        package var stale = 0
        /// Number of times that other batches were answered between two throttled replies to this one.
        package private(set) var overtaken = 0
        private var answers: Int?

        package init() {}

        /// Number of all failed requests.
        package var total: Int { transient + throttled + stale }

        /// Counts a failure.
        ///
        /// - Parameters:
        ///   - failure: the failure to count.
        ///   - all: number of batches that were answered so far.
        package mutating func count(_ failure: RequestFailure, answers all: Int = 0) {
            switch failure.failureClass {
            case .stale: stale += 1
            case .throttled:
                throttled += 1
                if let answers, all > answers { overtaken += 1 }
                answers = all
            case .transient, .batchRefused, .fatal: transient += 1
            }
        }
    }

    /// What to do after a failure.
    package enum Decision: Sendable, Equatable {
        case retry(after: Duration)
        case stop
        /// The server requests a longer wait than the run can make.
        case retryAfterExceedsLimit(Duration)
    }

    /// Decides whether a failed batch is retried.
    ///
    /// - Parameters:
    ///   - failure: the last failure.
    ///   - failures: the failures of the batch so far, including the last one.
    ///   - random: a number in 0..<1; this jitter spreads the retries of many batches.
    /// - Returns: the decision.
    package func decision(on failure: RequestFailure, after failures: FailureCounts, random: Double) -> Decision {
        switch failure.failureClass {
        case .batchRefused, .fatal: return .stop
        case .stale where failures.stale == 1: return .retry(after: .zero)
        case .stale, .transient:
            let count = failures.transient + max(failures.stale - 1, 0)
            guard count < attempts else { return .stop }
            return retry(
                failure, atLeast: Self.exponentialBackoff(transientBase, count - 1, transientLimit) * random, random)
        case .throttled:
            if let asked = failure.retryAfter, isTooLong(asked) { return .retryAfterExceedsLimit(asked) }
            if failures.throttled >= Self.splitThreshold.throttled,
                failures.overtaken >= Self.splitThreshold.overtaken || maySplit
            {
                return .stop
            }
            // `RateLimitedClient` has set a pause for all requests. A batch that is throttled again waits longer.
            let pause = failure.pause ?? pause(after: failure, random: random)
            guard failures.throttled > 1 else { return .retry(after: pause) }
            let wait =
                throttledFloor + Self.exponentialBackoff(throttledBase, failures.throttled - 1, throttledLimit) * random
            return .retry(after: max(pause, wait))
        }
    }

    private func isTooLong(_ wait: Duration) -> Bool {
        wait > retryAfterLimit || timeRemaining.map { wait > $0 } ?? false
    }

    /// Returns how long no request is sent after a throttled reply.
    ///
    /// The pause does not depend on the time remaining, since requests are never sent before the server allows them.
    ///
    /// - Parameters:
    ///   - failure: the throttled reply.
    ///   - random: a number in 0..<1.
    /// - Returns: zero after any other failure, and if the server requests a longer wait than `retryAfterLimit`.
    package func pause(after failure: RequestFailure, random: Double) -> Duration {
        guard failure.failureClass == .throttled else { return .zero }
        let wait = throttledFloor + throttledBase * random
        guard let asked = failure.retryAfter else { return wait }
        return asked > retryAfterLimit ? .zero : max(wait, asked) + asked * (random / 10)
    }

    /// The longest wait between two requests of a batch, whatever the server requests.
    package static var longestWait: Duration {
        let policy = RetryPolicy()
        return max(
            policy.retryAfterLimit + policy.retryAfterLimit / 10, policy.throttledFloor + policy.throttledLimit,
            policy.transientLimit)
    }

    /// Retries after the longer of the given wait and the server's, plus up to a tenth of the server's as jitter.
    private func retry(_ failure: RequestFailure, atLeast wait: Duration, _ random: Double) -> Decision {
        guard let asked = failure.retryAfter else { return .retry(after: wait) }
        guard !isTooLong(asked) else { return .retryAfterExceedsLimit(asked) }
        return .retry(after: max(wait, asked) + asked * (random / 10))
    }

    private static func exponentialBackoff(_ base: Duration, _ times: Int, _ limit: Duration) -> Duration {
        min(limit, base * (1 << max(min(times, 20), 0)))
    }
}
