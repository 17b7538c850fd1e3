/// How many requests a second the sandbox answers before it answers `tooManyRequests`: a bucket of one second's worth.
struct RequestAllowance: Sendable {
    private let rate: Double
    private var tokens: Double
    private var updated: ContinuousClock.Instant

    /// `rate`: requests a second; 0 is no limit.
    init(rate: Double) {
        self.rate = rate
        tokens = max(rate, 1)
        updated = .now
    }

    /// - Returns: whether one more request is allowed now.
    mutating func acquire() -> Bool {
        guard rate > 0 else { return true }
        let now = ContinuousClock.now
        tokens = min(max(rate, 1), tokens + updated.duration(to: now) / .seconds(1) * rate)
        updated = now
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }
}
