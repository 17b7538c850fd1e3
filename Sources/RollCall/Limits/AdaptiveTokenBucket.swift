/// A token bucket whose rate, in requests per second, follows the rate that the server accepts.
///
/// A throttled reply cuts the rate below the recently accepted one. Successes raise it again along a cubic curve (as
/// CUBIC does for TCP): fast up to near the rate at which it was cut, slowly beyond. If no rate is given, the first cut
/// finds the limit.
package struct AdaptiveTokenBucket<Instant: InstantProtocol<Duration>>: Sendable {
    /// Maximum rate in requests per second; 0 for no limit.
    package let maxRate: Double
    /// The current rate in requests per second; nil for no limit.
    package private(set) var rate: Double?
    private let burst: Double
    private var tokens: Double
    private var updated: Instant

    /// The rate that was observed at the last cut, in requests per second.
    private var plateau: Double?
    private var acceptedSinceCut = 0
    private var sentBeforeCut = 0
    /// Whether the plateau was measured, and is not just a first guess.
    private var isPlateauKnown = false
    private var sendingSince: Instant

    private static var afterCut: Double { 0.85 }
    private static var floor: Double { 0.5 }
    /// The number of accepted requests and of seconds that make a measurement more than a guess.
    private static var minimumSample: (requests: Int, seconds: Double) { (5, 3) }

    /// Creates a full bucket.
    ///
    /// - Parameters:
    ///   - maxRate: maximum rate in requests per second; 0 for no limit.
    ///   - burst: number of requests that may start at once.
    ///   - now: the current time.
    package init(maxRate: Double, burst: Int, now: Instant) {
        self.maxRate = maxRate
        rate = maxRate > 0 ? maxRate : nil
        self.burst = Double(max(burst, 1))
        tokens = self.burst
        updated = now
        sendingSince = now
    }

    /// Acquires a token for one request, if there is one.
    ///
    /// - Parameter now: the current time.
    /// - Returns: zero if the request may be sent, otherwise how long to wait before the next call.
    package mutating func acquire(at now: Instant) -> Duration {
        guard let rate else {
            sentBeforeCut += 1
            return .zero
        }
        let elapsed = max(updated.duration(to: now), .zero) / .seconds(1)
        updated = max(updated, now)
        tokens = min(capacity(rate), tokens + elapsed * rate)
        // A token may lack a billionth, since times are rounded.
        guard tokens < 1 - 1e-9 else {
            tokens -= 1
            sentBeforeCut += 1
            return .zero
        }
        return .seconds((1 - tokens) / rate)
    }

    /// Maximum number of tokens. It is smaller once the server is known to have a limit, so that tokens saved up during
    /// a pause are not sent as a burst.
    private func capacity(_ rate: Double) -> Double { plateau == nil ? burst : max(1, min(burst, rate / 4)) }

    package mutating func accepted() {
        acceptedSinceCut += 1
        guard let plateau else { return }
        // The curve is back at its plateau after the requests of twenty seconds, and at least 60, so that few of them
        // are throttled. A guess is left behind sooner: after two seconds, and at least 8 requests.
        let halfway = isPlateauKnown ? max(60, plateau * 20) : max(8, plateau * 2)
        let distance = (Double(acceptedSinceCut) - halfway) / halfway
        let grown = plateau * (1 + (1 - Self.afterCut) * distance * distance * distance)
        if grown > maxRate, maxRate > 0 {
            rate = maxRate
        } else {
            rate = max(rate ?? grown, grown)
        }
    }

    /// Cuts the rate to 0.85 of the observed one, and allows no request until `resume`.
    ///
    /// The observed rate is the mean of the requests that were accepted since the last cut, including the server's own
    /// burst allowance. While the rate has grown for some seconds from too low a value, that mean is too low, and the
    /// current rate is closer to the limit.
    ///
    /// - Parameters:
    ///   - now: the current time.
    ///   - resume: when requests may be sent again.
    package mutating func throttled(now: Instant, resume: Instant) {
        let seconds = sendingSince.duration(to: now) / .seconds(1)
        // A first guess that is too high is corrected by a cut or two; one that is too low takes long to leave behind.
        // So the first guess counts the requests in flight, too.
        let observed = plateau == nil ? max(acceptedSinceCut, sentBeforeCut) : acceptedSinceCut
        let measured = Double(observed) / max(seconds, 1)
        isPlateauKnown =
            plateau != nil && acceptedSinceCut >= Self.minimumSample.requests && seconds >= Self.minimumSample.seconds
        let current = rate ?? measured
        let reached = max(min(current, isPlateauKnown ? max(measured, current * Self.afterCut) : measured), Self.floor)
        plateau = reached
        rate = max(reached * Self.afterCut, Self.floor)
        acceptedSinceCut = 0
        tokens = 0
        updated = max(updated, resume)
        sendingSince = updated
    }
}
