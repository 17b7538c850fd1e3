/// How many requests may be in flight: additive increase, multiplicative decrease.
///
/// Starts at the most, since the rate protects the API already and a run that is bound by latency would lose rounds to a
/// slow start.
package struct ConcurrencyLimit<Instant: InstantProtocol>: Sendable {
    package let maximum: Int
    private var limit: Double
    private var successes = 0
    private var lastCut: Instant?

    /// `maximum`: 1 or more.
    package init(maximum: Int) {
        self.maximum = max(maximum, 1)
        limit = Double(self.maximum)
    }

    package var current: Int { max(Int(limit), 1) }

    /// One more for every window of successes, if at least half of what was allowed was used.
    package mutating func succeeded(inFlight: Int) {
        guard inFlight * 2 >= current else { return }
        successes += 1
        guard successes >= current else { return }
        successes = 0
        limit = min(Double(maximum), limit + 1)
    }

    /// Cuts, but once only for all requests that were sent before: eight answers to one overload are one event.
    ///
    /// Returns whether it did.
    package mutating func cut(by factor: Double, sentAt: Instant, now: Instant) -> Bool {
        if let lastCut, sentAt <= lastCut { return false }
        lastCut = now
        successes = 0
        limit = max(1, limit * factor)
        return true
    }

    package mutating func halve() { limit = max(1, limit / 2) }
}
