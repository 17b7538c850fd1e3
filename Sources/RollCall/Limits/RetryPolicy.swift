package import Model

/// Which failed requests are worth another try, and after how long: a pure function of what is known.
///
/// A repeated `get_online` is harmless, since it only reads, and nobody waits for a batch job: slow beats lost.
package struct RetryPolicy: Sendable {
    /// Requests for one batch that may fail for a moment, the first among them.
    package var attempts = 6
    package var transientBase: Duration = .milliseconds(500)
    package var transientLimit: Duration = .seconds(30)
    package var throttledFloor: Duration = .seconds(1)
    package var throttledBase: Duration = .seconds(1)
    package var throttledLimit: Duration = .seconds(60)
    /// The longest wait that a server may ask for.
    package var retryAfterLimit: Duration = .seconds(300)

    /// The time that there is; nil is any.
    private let timeRemaining: Duration?
    private let maySplit: Bool

    /// - Parameters:
    ///   - timeRemaining: the time there is; a batch that a server asks to wait for longer is given up.
    ///   - maySplit: whether a batch that is throttled again and again may be taken apart, to see whether it is for what it
    ///     holds.
    package init(timeRemaining: Duration? = nil, maySplit: Bool = false) {
        self.timeRemaining = timeRemaining
        self.maySplit = maySplit
    }

    /// A batch that was throttled so often, and others were answered in between, is looked into.
    private static var suspicion: (throttled: Int, overtaken: Int) { (6, 3) }

    /// How often one batch has failed, and in which way.
    package struct FailureCounts: Sendable, Equatable {
        /// Failures that use up attempts.
        package var transient = 0
        /// Answers that ask for fewer requests; they use up none.
        package var throttled = 0
        /// Kept connections that turned out to be closed; the first is free.
        package var stale = 0
        /// How often other batches were answered between two answers that throttled this one.
        package private(set) var overtaken = 0
        private var answers: Int?

        package init() {}

        /// All requests that failed.
        package var total: Int { transient + throttled + stale }

        /// - Parameters:
        ///   - failure: the one to count.
        ///   - all: batches that were answered so far.
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

    /// What to do about a failure.
    package enum Decision: Sendable, Equatable {
        case retry(after: Duration)
        case stop
        /// The server asks to wait for longer than a run does.
        case retryAfterExceedsLimit(Duration)
    }

    /// `failures`: the failures of the batch so far, this one among them.
    /// `random`: a number from 0 up to 1; jitter spreads the tries of many batches.
    package func decision(on failure: RequestFailure, after failures: FailureCounts, random: Double) -> Decision {
        switch failure.failureClass {
        case .batchRefused, .fatal: return .stop
        case .stale where failures.stale == 1: return .retry(after: .zero)
        case .stale, .transient:
            let count = failures.transient + max(failures.stale - 1, 0)
            guard count < attempts else { return .stop }
            return asked(
                by: failure, atLeast: Self.exponentialBackoff(transientBase, count - 1, transientLimit) * random, random
            )
        case .throttled:
            if let asked = failure.retryAfter, isTooLong(asked) { return .retryAfterExceedsLimit(asked) }
            if failures.throttled >= Self.suspicion.throttled,
                failures.overtaken >= Self.suspicion.overtaken || maySplit
            {
                return .stop
            }
            // Whoever sent the request has decided for all; a batch that is refused again waits for longer.
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

    /// How long nothing is sent after an answer that asks for fewer requests. It is the same however much time there is:
    /// what is left to send is not sent against the server's wish.
    ///
    /// - Parameters:
    ///   - failure: what such an answer is taken for.
    ///   - random: a number from 0 up to 1.
    /// - Returns: zero after any other failure, and if the server asks to wait for longer than a run does.
    package func pause(after failure: RequestFailure, random: Double) -> Duration {
        guard failure.failureClass == .throttled else { return .zero }
        let wait = throttledFloor + throttledBase * random
        guard let asked = failure.retryAfter else { return wait }
        return asked > retryAfterLimit ? .zero : max(wait, asked) + asked * (random / 10)
    }

    /// No wait between two requests of a batch is longer, whatever a server asks for.
    package static var longestWait: Duration {
        let policy = RetryPolicy()
        return max(
            policy.retryAfterLimit + policy.retryAfterLimit / 10, policy.throttledFloor + policy.throttledLimit,
            policy.transientLimit)
    }

    /// The longer of our wait and the server's, the latter with a tenth of jitter.
    private func asked(by failure: RequestFailure, atLeast wait: Duration, _ random: Double) -> Decision {
        guard let asked = failure.retryAfter else { return .retry(after: wait) }
        guard !isTooLong(asked) else { return .retryAfterExceedsLimit(asked) }
        return .retry(after: max(wait, asked) + asked * (random / 10))
    }

    private static func exponentialBackoff(_ base: Duration, _ times: Int, _ limit: Duration) -> Duration {
        min(limit, base * (1 << max(min(times, 20), 0)))
    }
}
