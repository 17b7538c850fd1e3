import Model

/// Decides when the next request may be sent, and what the end of each request means for the next ones.
///
/// Pure: time is passed in, and waits are returned as values. It combines the rate limit, the limit on requests in
/// flight, pauses that the server requests, and a circuit breaker. If the retry budget is used up, the API is
/// considered down: the circuit breaker opens, only a probe is sent now and then, and no id fails because of that.
struct CongestionController<Instant: InstantProtocol<Duration>>: Sendable {
    private(set) var limit: ConcurrencyLimit<Instant>
    private(set) var bucket: AdaptiveTokenBucket<Instant>
    private(set) var budget = RetryBudget()
    private(set) var inFlight = 0
    private var pausedUntil: Instant
    private(set) var circuitBreaker: CircuitBreaker?
    /// When the first failure since the last answer occurred.
    private var failingSince: Instant?
    /// Consecutive replies that were `tryLater` for every id of a full batch.
    private var consecutiveTryLaterReplies = 0
    private var lastEvent: Instant

    struct CircuitBreaker: Sendable {
        var nextProbe: Instant
        var isProbing = false
        var successfulProbes = 0
    }

    /// The run ends if requests fail for this long without an answer.
    private static var stallTimeout: Duration { .seconds(600) }
    /// Longer than any wait between two requests of one pass. A longer gap means that a new pass has started.
    private static var maxGapWithinPass: Duration { RetryPolicy.longestWait + .seconds(1) }
    /// Number of consecutive successful probes that close the circuit breaker.
    private static var probesToClose: Int { 3 }
    /// Number of consecutive `tryLater` replies for all ids of full batches that count as throttling.
    private static var tryLaterLimit: Int { 5 }

    init(concurrency: Int, rate: Double, now: Instant) {
        limit = ConcurrencyLimit(maximum: concurrency)
        bucket = AdaptiveTokenBucket(maxRate: rate, burst: concurrency, now: now)
        pausedUntil = now
        lastEvent = now
    }

    /// Permission to send one request; passed back with its result.
    struct Permit: Sendable {
        var sentAt: Instant
        var isProbe: Bool
    }

    enum Admission: Sendable {
        case go(Permit)
        case wait(Duration)
        /// The maximum number of requests is in flight; one has to end first.
        case atConcurrencyLimit
        /// There was no answer for too long.
        case stalled
    }

    mutating func admit(at now: Instant) -> Admission {
        if lastEvent.duration(to: now) > Self.maxGapWithinPass { failingSince = nil }
        lastEvent = max(lastEvent, now)
        if let failingSince, failingSince.duration(to: now) >= Self.stallTimeout { return .stalled }
        if let circuitBreaker {
            if circuitBreaker.isProbing || inFlight > 0 { return .atConcurrencyLimit }
            // A probe respects the pause that the API requested, too.
            let next = max(circuitBreaker.nextProbe, pausedUntil)
            if now < next { return .wait(now.duration(to: next)) }
            self.circuitBreaker?.isProbing = true
            inFlight += 1
            return .go(Permit(sentAt: now, isProbe: true))
        }
        if now < pausedUntil { return .wait(now.duration(to: pausedUntil)) }
        if inFlight >= limit.current { return .atConcurrencyLimit }
        let wait = bucket.acquire(at: now)
        guard wait == .zero else { return .wait(wait) }
        inFlight += 1
        return .go(Permit(sentAt: now, isProbe: false))
    }

    /// Records that a request was answered.
    ///
    /// - Parameters:
    ///   - permit: the permission to send the request.
    ///   - now: the current time.
    ///   - tryLaterPause: how long all requests pause if this reply (`tryLater` for a whole full batch) counts as
    ///     throttling; nil for other replies.
    ///   - random: a number in 0..<1.
    mutating func answered(
        _ permit: Permit,
        now: Instant,
        tryLaterPause: Duration? = nil,
        random: @autoclosure () -> Double
    ) {
        lastEvent = max(lastEvent, now)
        failingSince = nil
        limit.succeeded(inFlight: inFlight)
        inFlight -= 1
        budget.succeeded()
        consecutiveTryLaterReplies = tryLaterPause == nil ? 0 : consecutiveTryLaterReplies + 1
        if let tryLaterPause, consecutiveTryLaterReplies >= Self.tryLaterLimit {
            slowDown(permit, now: now, pause: tryLaterPause)
        } else {
            bucket.accepted()
        }
        guard permit.isProbe, circuitBreaker != nil else { return }
        circuitBreaker?.successfulProbes += 1
        if let probes = circuitBreaker?.successfulProbes, probes >= Self.probesToClose {
            circuitBreaker = nil
            budget.refill()
            limit.halve()
        } else {
            scheduleProbe(now: now, random: random())
        }
    }

    /// Records that a request failed.
    ///
    /// - Parameters:
    ///   - failure: the failure.
    ///   - permit: the permission to send the request.
    ///   - now: the current time.
    ///   - pause: how long all requests pause after the failure.
    ///   - random: a number in 0..<1.
    mutating func failed(_ failure: RequestFailure, _ permit: Permit, now: Instant, pause: Duration, random: Double) {
        inFlight -= 1
        lastEvent = max(lastEvent, now)
        failingSince = failingSince ?? now
        if permit.isProbe, circuitBreaker != nil {
            circuitBreaker?.successfulProbes = 0
            scheduleProbe(now: now, random: random)
        }
        switch failure.failureClass {
        case .throttled: slowDown(permit, now: now, pause: pause)
        case .transient: _ = limit.cut(by: 0.7, sentAt: permit.sentAt, now: now)
        case .batchRefused: failingSince = nil  // the API did answer
        case .stale, .fatal: break
        }
    }

    private mutating func slowDown(_ permit: Permit, now: Instant, pause: Duration) {
        let resume = now.advanced(by: pause)
        pausedUntil = max(pausedUntil, resume)
        if limit.cut(by: 0.5, sentAt: permit.sentAt, now: now) { bucket.throttled(now: now, resume: resume) }
    }

    /// Spends a retry of the budget; if none is left, the circuit breaker opens.
    mutating func retry(now: Instant, random: Double) {
        guard circuitBreaker == nil, !budget.spend() else { return }
        circuitBreaker = CircuitBreaker(nextProbe: now)
        scheduleProbe(now: now, random: random)
    }

    /// Schedules the next probe in 5 to 30 seconds.
    private mutating func scheduleProbe(now: Instant, random: Double) {
        circuitBreaker?.isProbing = false
        circuitBreaker?.nextProbe = now.advanced(by: .seconds(5) + .seconds(25) * random)
    }
}
