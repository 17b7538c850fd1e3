package import Model

/// Which failed requests are worth another try, and after how long: a pure function of what is known.
///
/// A repeated `get_online` is harmless, since it only reads, and nobody waits for a batch job: slow beats lost.
package struct RetryPolicy: Sendable {
    /// Requests for one batch, the first among them.
    package var attempts = 6
    package var transientBase: Duration = .milliseconds(500)
    package var transientLimit: Duration = .seconds(30)
    package var throttledFloor: Duration = .seconds(1)
    package var throttledBase: Duration = .seconds(1)
    package var throttledLimit: Duration = .seconds(60)

    package init() {}

    /// The wait before the next try, with full jitter; nil if there is to be none.
    /// `attempt`: how many requests were sent, from 1.
    /// `random`: a number from 0 up to 1.
    package func wait(after failure: RequestFailure, attempt: Int, random: Double) -> Duration? {
        guard attempt < attempts else { return nil }
        switch failure.handling {
        case .batchRefused, .fatal: return nil
        case .transient: return Self.doubled(transientBase, attempt - 1, limit: transientLimit) * random
        case .throttled:
            return throttledFloor + Self.doubled(throttledBase, attempt - 1, limit: throttledLimit) * random
        }
    }

    private static func doubled(_ base: Duration, _ times: Int, limit: Duration) -> Duration {
        min(limit, base * (1 << min(times, 20)))
    }
}
