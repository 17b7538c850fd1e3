/// A token bucket: at most `rate` requests a second on average, and at most `burst` at once.
///
/// A pure value; the clock and the waiting are the caller's.
package struct Pacer<Instant: InstantProtocol<Duration>>: Sendable {
    /// Requests a second; 0 is no limit.
    package let rate: Double
    private let burst: Double
    private var tokens: Double
    private var updated: Instant

    package init(rate: Double, burst: Int, now: Instant) {
        self.rate = rate
        self.burst = Double(max(burst, 1))
        tokens = self.burst
        updated = now
    }

    /// Takes a place for one request.
    /// - Returns: how long to wait before it is sent. Places are given in the order they are asked for.
    package mutating func reserve(at now: Instant) -> Duration {
        guard rate > 0 else { return .zero }
        let elapsed = max(updated.duration(to: now), .zero)
        tokens = min(burst, tokens + elapsed / .seconds(1) * rate) - 1
        updated = max(updated, now)
        return tokens >= 0 ? .zero : .seconds(-tokens / rate)
    }
}
