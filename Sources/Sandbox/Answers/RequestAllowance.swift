/// The rate limit of the sandbox, above which the response is `tooManyRequests`: a token bucket that holds one second's
/// requests.
struct RequestAllowance: Sendable {
    private let rate: Double
    private var tokens: Double
    private var updated: ContinuousClock.Instant

    /// - Parameter rate: the allowed requests per second; 0 for no limit.
    init(rate: Double) {
        self.rate = rate
        tokens = max(rate, 1)
        updated = .now
    }

    /// Takes one token.
    ///
    /// - Returns: whether there was one, so that the request is allowed.
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
