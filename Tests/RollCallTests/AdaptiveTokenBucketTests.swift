import RollCall
import TestSupport
import Testing

@Suite struct AdaptiveTokenBucketTests {
    private let start = StepClock().now

    private func isNear(_ one: Duration, _ other: Duration) -> Bool {
        one - other < .microseconds(1) && other - one < .microseconds(1)
    }

    @Test func `the burst starts at once and the rest at the rate`() {
        var bucket = AdaptiveTokenBucket(maxRate: 10, burst: 3, now: start)
        var now = start
        var times: [Double] = []
        for _ in 0..<8 {
            while case let wait = bucket.acquire(at: now), wait > .zero { now = now.advanced(by: wait) }
            times.append(start.duration(to: now) / .seconds(1))
        }
        for (time, expected) in zip(times, [0, 0, 0, 0.1, 0.2, 0.3, 0.4, 0.5]) { #expect(abs(time - expected) < 1e-6) }
    }

    @Test func `tokens come back with time up to the burst`() {
        var bucket = AdaptiveTokenBucket(maxRate: 2, burst: 4, now: start)
        for _ in 0..<4 { #expect(bucket.acquire(at: start) == .zero) }
        let later = start.advanced(by: .seconds(1))
        #expect(bucket.acquire(at: later) == .zero)
        #expect(bucket.acquire(at: later) == .zero)
        #expect(isNear(bucket.acquire(at: later), .milliseconds(500)))
        let muchLater = start.advanced(by: .seconds(3_600))
        for _ in 0..<4 { #expect(bucket.acquire(at: muchLater) == .zero) }
        #expect(isNear(bucket.acquire(at: muchLater), .milliseconds(500)))
    }

    @Test func `without a rate there is no limit`() {
        var bucket = AdaptiveTokenBucket(maxRate: 0, burst: 1, now: start)
        for _ in 0..<10_000 { #expect(bucket.acquire(at: start) == .zero) }
    }

    @Test func `a clock that goes back gives no tokens`() {
        let now = start.advanced(by: .seconds(10))
        var bucket = AdaptiveTokenBucket(maxRate: 1, burst: 1, now: now)
        #expect(bucket.acquire(at: now) == .zero)
        #expect(isNear(bucket.acquire(at: start), .seconds(1)))
        #expect(isNear(bucket.acquire(at: now), .seconds(1)))
    }

    @Test(arguments: [-1, 0, 1])
    func `a burst is at least one request`(_ burst: Int) {
        var bucket = AdaptiveTokenBucket(maxRate: 1, burst: burst, now: start)
        #expect(bucket.acquire(at: start) == .zero)
        #expect(isNear(bucket.acquire(at: start), .seconds(1)))
    }

    @Test func `a throttled reply cuts the rate below the accepted one`() throws {
        var bucket = AdaptiveTokenBucket(maxRate: 100, burst: 8, now: start)
        for _ in 0..<40 { bucket.accepted() }
        let now = start.advanced(by: .seconds(4))
        bucket.throttled(now: now, resume: now.advanced(by: .seconds(2)))
        #expect(abs(try #require(bucket.rate) - 8.5) < 1e-9)  // 40 in 4 seconds were accepted
        // Nothing is saved up during the pause.
        #expect(bucket.acquire(at: now.advanced(by: .seconds(2))) > .zero)
    }

    @Test func `a limit is found if none was given`() throws {
        var bucket = AdaptiveTokenBucket(maxRate: 0, burst: 64, now: start)
        #expect(bucket.rate == nil)
        for _ in 0..<20 { bucket.accepted() }
        let now = start.advanced(by: .seconds(2))
        bucket.throttled(now: now, resume: now)
        #expect(abs(try #require(bucket.rate) - 8.5) < 1e-9)
    }

    /// A first guess is left behind soon; a rate that was grown to is approached with care.
    @Test func `the rate comes back fast and goes past a known limit slowly`() throws {
        var bucket = AdaptiveTokenBucket(maxRate: 50, burst: 8, now: start)
        let guessed = start.advanced(by: .seconds(1))
        for _ in 0..<4 { bucket.accepted() }
        bucket.throttled(now: guessed, resume: guessed)
        for _ in 0..<16 { bucket.accepted() }
        #expect(abs(try #require(bucket.rate) - 4.6) < 1e-9)  // 4 and 15 per cent after twice eight requests

        let known = guessed.advanced(by: .seconds(4))
        bucket.throttled(now: known, resume: known)
        let reached = 4.0  // 16 in 4 seconds
        #expect(abs(try #require(bucket.rate) - reached * 0.85) < 1e-9)
        let rates = try (0..<400).map { _ in
            bucket.accepted()
            return try #require(bucket.rate) / reached
        }
        #expect(zip(rates, rates.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(rates[26] > 0.95)  // two thirds of the way back in a third of the curve
        #expect(abs(rates[79] - 1) < 1e-9)
        #expect(rates[105] < 1.006)
        #expect(abs(rates[159] - 1.15) < 1e-9)
        for _ in 0..<2_000 { bucket.accepted() }
        #expect(bucket.rate == 50)
    }

    /// A rate that was grown to from far below is near the limit, whatever the mean since the last cut was.
    @Test func `a cut after a long climb keeps most of the rate`() throws {
        var bucket = AdaptiveTokenBucket(maxRate: 0, burst: 8, now: start)
        bucket.throttled(now: start, resume: start)
        for _ in 0..<32 { bucket.accepted() }
        let current = try #require(bucket.rate)
        let now = start.advanced(by: .seconds(60))  // a mean of half a request a second
        bucket.throttled(now: now, resume: now)
        #expect(current > 2)
        #expect(abs(try #require(bucket.rate) - current * 0.85 * 0.85) < 1e-9)
    }

    /// What a server saved up while it was left alone does not count for more than was sent.
    @Test func `a measurement never raises the rate`() throws {
        var bucket = AdaptiveTokenBucket(maxRate: 0, burst: 64, now: start)
        bucket.throttled(now: start, resume: start.advanced(by: .seconds(1)))
        for _ in 0..<60 { bucket.accepted() }
        let before = try #require(bucket.rate)
        let now = start.advanced(by: .seconds(1.5))
        bucket.throttled(now: now, resume: now)
        #expect(abs(try #require(bucket.rate) - min(before, 60) * 0.85) < 1e-9)
    }

    @Test func `the rate never falls below half a request a second`() {
        var bucket = AdaptiveTokenBucket(maxRate: 10, burst: 8, now: start)
        var now = start
        for _ in 0..<50 {
            now = now.advanced(by: .seconds(30))
            bucket.throttled(now: now, resume: now)
        }
        #expect(bucket.rate == 0.5)
    }

    @Test(arguments: [(0.5, 1), (1, 8), (7, 3), (10, 8), (333, 64)], [1, 2, 3] as [UInt64])
    func `no window exceeds the rate plus one burst`(_ limits: (rate: Double, burst: Int), _ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var bucket = AdaptiveTokenBucket(maxRate: limits.rate, burst: limits.burst, now: start)
        var now = start
        var sent: [Double] = []
        for number in 0..<600 {
            // A crowd at first, then crowds, trickles and long silences.
            switch number < 80 ? 9 : Int.random(in: 0..<10, using: &random) {
            case 0: now = now.advanced(by: .seconds(Double.random(in: 0...20, using: &random) / limits.rate))
            case 1...4: now = now.advanced(by: .seconds(Double.random(in: 0...1.5, using: &random) / limits.rate))
            default: break
            }
            while case let wait = bucket.acquire(at: now), wait > .zero { now = now.advanced(by: wait) }
            sent.append(start.duration(to: now) / .seconds(1))
        }
        #expect(zip(sent, sent.dropFirst()).allSatisfy { $0 <= $1 + 1e-9 })
        let burst = Double(limits.burst)
        var mostOverShare = -Double.infinity
        for first in sent.indices {
            for last in first..<sent.count {
                let share = limits.rate * (sent[last] - sent[first]) + burst
                mostOverShare = max(mostOverShare, Double(last - first + 1) - share)
            }
        }
        // The bound is kept and it is reached: a pacer that waits too long would be as wrong.
        #expect(abs(mostOverShare) < 1e-6)
    }

    @Test func `steady requests are sent at the rate`() {
        var bucket = AdaptiveTokenBucket(maxRate: 10, burst: 8, now: start)
        var now = start
        for _ in 0..<1_008 {
            while case let wait = bucket.acquire(at: now), wait > .zero { now = now.advanced(by: wait) }
        }
        #expect(abs(start.duration(to: now) / .seconds(1) - 100) < 0.01)
    }
}
