/// How many requests a second may be sent: a token bucket whose rate follows what the server accepts.
///
/// A throttled answer cuts the rate below what was accepted lately; successes bring it back along a cubic curve (as
/// CUBIC does for TCP): fast to near the rate at which it was cut, slowly past it. With no rate given, the first cut is
/// how a limit is found.
package struct AdaptiveTokenBucket<Instant: InstantProtocol<Duration>>: Sendable {
    /// Requests a second that are never exceeded; 0 is no limit.
    package let maxRate: Double
    /// Requests a second now; nil is no limit.
    package private(set) var rate: Double?
    private let burst: Double
    private var tokens: Double
    private var updated: Instant

    /// What the rate was cut from, and how many requests were accepted since.
    private var plateau: Double?
    private var acceptedSinceCut = 0
    private var sentBeforeCut = 0
    /// Whether the plateau was reached by growing to it, and is no first guess.
    private var isPlateauKnown = false
    private var sendingSince: Instant

    private static var afterCut: Double { 0.85 }
    private static var floor: Double { 0.5 }
    /// What a measurement takes to be more than a guess.
    private static var minimumSample: (requests: Int, seconds: Double) { (5, 3) }

    /// `maxRate`: requests a second; 0 is no limit.
    /// `burst`: requests that may start at once.
    package init(maxRate: Double, burst: Int, now: Instant) {
        self.maxRate = maxRate
        rate = maxRate > 0 ? maxRate : nil
        self.burst = Double(max(burst, 1))
        tokens = self.burst
        updated = now
        sendingSince = now
    }

    /// Takes a place for one request, if there is one.
    /// - Parameter now: the time.
    /// - Returns: zero if it may be sent, else how long to wait before asking again.
    package mutating func acquire(at now: Instant) -> Duration {
        guard let rate else {
            sentBeforeCut += 1
            return .zero
        }
        let elapsed = max(updated.duration(to: now), .zero) / .seconds(1)
        updated = max(updated, now)
        tokens = min(capacity(rate), tokens + elapsed * rate)
        // A token that lacks a billionth is there: times are rounded.
        guard tokens < 1 - 1e-9 else {
            tokens -= 1
            sentBeforeCut += 1
            return .zero
        }
        return .seconds((1 - tokens) / rate)
    }

    /// A server that was found to have a limit is not sent what was saved up while nothing could be sent.
    private func capacity(_ rate: Double) -> Double { plateau == nil ? burst : max(1, min(burst, rate / 4)) }

    package mutating func accepted() {
        acceptedSinceCut += 1
        guard let plateau else { return }
        // The curve is back at its plateau after as many requests as twenty seconds hold, and 60 at least: then few of them
        // are throttled. A guess is left behind sooner.
        let halfway = isPlateauKnown ? max(60, plateau * 20) : max(8, plateau * 2)
        let distance = (Double(acceptedSinceCut) - halfway) / halfway
        let grown = plateau * (1 + (1 - Self.afterCut) * distance * distance * distance)
        if grown > maxRate, maxRate > 0 {
            rate = maxRate
        } else {
            rate = max(rate ?? grown, grown)
        }
    }

    /// Cuts the rate to 0.85 of what the server was seen to bear, and lets nothing be sent until `resume`.
    ///
    /// That is what it accepted since the last cut, with what it had saved up while it was left alone; but after some seconds
    /// of growing from too low a rate the mean tells too little, and the rate of now is near the limit.
    package mutating func throttled(now: Instant, resume: Instant) {
        let seconds = sendingSince.duration(to: now) / .seconds(1)
        // The first guess may be too high, which a cut or two mend; one that is too low takes long to leave behind. So it
        // counts what is still under way, too.
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
