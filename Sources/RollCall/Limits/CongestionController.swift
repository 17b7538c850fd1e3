import Model

/// The state of the road to the API: when the next request may be sent, and what its end means for those behind it.
///
/// Pure: time comes in as an argument and waits go out as values. It joins the rate, the requests in flight, pauses that
/// the server asked for, and brown-outs: when the retry budget is used up, the API is down; then nothing is sent but a
/// probe now and then, and no id is given up for it.
struct CongestionController<Instant: InstantProtocol<Duration>>: Sendable {
    private(set) var limit: ConcurrencyLimit<Instant>
    private(set) var bucket: AdaptiveTokenBucket<Instant>
    private(set) var budget = RetryBudget()
    private(set) var inFlight = 0
    private var pausedUntil: Instant
    private(set) var circuitBreaker: CircuitBreaker?
    /// The first failure since the last answer.
    private var failingSince: Instant?
    /// Answers in a row that put off every id of a full batch.
    private var consecutiveTryLaterReplies = 0
    private var lastEvent: Instant

    struct CircuitBreaker: Sendable {
        var nextProbe: Instant
        var isProbing = false
        var successfulProbes = 0
    }

    /// After so long without an answer a run ends.
    private static var stallTimeout: Duration { .seconds(600) }
    /// Longer than any wait between two requests of one pass: what came before is another pass.
    private static var maxGapWithinPass: Duration { RetryPolicy.longestWait + .seconds(1) }
    private static var probesToClose: Int { 3 }
    /// So many answers in a row that put off all of a full batch are the API's way to ask for fewer requests.
    private static var tryLaterLimit: Int { 5 }

    init(concurrency: Int, rate: Double, now: Instant) {
        limit = ConcurrencyLimit(maximum: concurrency)
        bucket = AdaptiveTokenBucket(maxRate: rate, burst: concurrency, now: now)
        pausedUntil = now
        lastEvent = now
    }

    /// Leave to send one request; given back with what came of it.
    struct Permit: Sendable {
        var sentAt: Instant
        var isProbe: Bool
    }

    enum Admission: Sendable {
        case go(Permit)
        case wait(Duration)
        /// As many requests are in flight as may be; another has to end first.
        case atConcurrencyLimit
        /// Nothing has answered for too long.
        case stalled
    }

    mutating func admit(at now: Instant) -> Admission {
        if lastEvent.duration(to: now) > Self.maxGapWithinPass { failingSince = nil }
        lastEvent = max(lastEvent, now)
        if let failingSince, failingSince.duration(to: now) >= Self.stallTimeout { return .stalled }
        if let circuitBreaker {
            if circuitBreaker.isProbing || inFlight > 0 { return .atConcurrencyLimit }
            // A probe, too, leaves the API alone for as long as it asked.
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

    /// `tryLaterPause`: if the answer was tryLater for every id of a full batch, how long everybody waits where that is a throttle.
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

    /// `pause`: how long the failure asks everybody to wait.
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
        case .batchRefused: failingSince = nil  // an answer, if not the one wanted
        case .stale, .fatal: break
        }
    }

    private mutating func slowDown(_ permit: Permit, now: Instant, pause: Duration) {
        let resume = now.advanced(by: pause)
        pausedUntil = max(pausedUntil, resume)
        if limit.cut(by: 0.5, sentAt: permit.sentAt, now: now) { bucket.throttled(now: now, resume: resume) }
    }

    /// Takes a retry from the budget; if there is none, the API is taken for down.
    mutating func retry(now: Instant, random: Double) {
        guard circuitBreaker == nil, !budget.spend() else { return }
        circuitBreaker = CircuitBreaker(nextProbe: now)
        scheduleProbe(now: now, random: random)
    }

    /// One probe every 5 to 30 seconds.
    private mutating func scheduleProbe(now: Instant, random: Double) {
        circuitBreaker?.isProbing = false
        circuitBreaker?.nextProbe = now.advanced(by: .seconds(5) + .seconds(25) * random)
    }
}
