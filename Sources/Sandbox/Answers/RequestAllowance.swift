/// How many requests a second the sandbox answers before it answers `tooManyRequests`: a bucket of one second's worth.
struct RequestAllowance: Sendable {
    private let rate: Double
    private var left: Double
    private var updated: ContinuousClock.Instant

    /// `rate`: requests a second; 0 is no limit.
    init(rate: Double) {
        self.rate = rate
        left = max(rate, 1)
        updated = .now
    }

    /// - Returns: whether one more request is allowed now.
    mutating func take() -> Bool {
        guard rate > 0 else { return true }
        let now = ContinuousClock.now
        left = min(max(rate, 1), left + updated.duration(to: now) / .seconds(1) * rate)
        updated = now
        guard left >= 1 else { return false }
        left -= 1
        return true
    }
}
