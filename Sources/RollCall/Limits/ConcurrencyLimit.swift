/// The maximum number of requests in flight: additive increase, multiplicative decrease.
///
/// Starts at the maximum, since the rate limit already protects the API, and a run that is bound by latency would lose
/// round trips to a slow start.
package struct ConcurrencyLimit<Instant: InstantProtocol>: Sendable {
    package let maximum: Int
    private var limit: Double
    private var successes = 0
    private var lastCut: Instant?

    /// Creates a limit.
    ///
    /// - Parameter maximum: maximum number of requests in flight, at least 1.
    package init(maximum: Int) {
        self.maximum = max(maximum, 1)
        limit = Double(self.maximum)
    }

    package var current: Int { max(Int(limit), 1) }

    /// Raises the limit by one for each window of successes, if at least half of the limit was in use.
    package mutating func succeeded(inFlight: Int) {
        guard inFlight * 2 >= current else { return }
        successes += 1
        guard successes >= current else { return }
        successes = 0
        limit = min(Double(maximum), limit + 1)
    }

    /// Cuts the limit, but only once for all requests that were sent before the cut: eight replies to one overload are
    /// one event.
    ///
    /// - Parameters:
    ///   - factor: the limit is multiplied by it.
    ///   - sentAt: when the failed request was sent.
    ///   - now: the current time.
    /// - Returns: whether the limit was cut.
    package mutating func cut(by factor: Double, sentAt: Instant, now: Instant) -> Bool {
        if let lastCut, sentAt <= lastCut { return false }
        lastCut = now
        successes = 0
        limit = max(1, limit * factor)
        return true
    }

    package mutating func halve() { limit = max(1, limit / 2) }
}
