import RollCall
import TestSupport
import Testing

@Suite struct PacerTests {
    private let start = StepClock().now

    private func isNear(_ one: Duration, _ other: Duration) -> Bool {
        one - other < .microseconds(1) && other - one < .microseconds(1)
    }

    @Test func theBurstStartsAtOnceAndTheRestAtTheRate() {
        var pacer = Pacer(rate: 10, burst: 3, now: start)
        let waits = (0..<8).map { _ in pacer.reserve(at: start) }
        #expect(Array(waits[..<3]) == [.zero, .zero, .zero])
        for (index, wait) in waits[3...].enumerated() {
            #expect(isNear(wait, .milliseconds(100 * (index + 1))), "\(wait)")
        }
    }

    @Test func placesComeBackWithTimeUpToTheBurst() {
        var pacer = Pacer(rate: 2, burst: 4, now: start)
        for _ in 0..<4 { #expect(pacer.reserve(at: start) == .zero) }
        let later = start.advanced(by: .seconds(1))
        #expect(pacer.reserve(at: later) == .zero)
        #expect(pacer.reserve(at: later) == .zero)
        #expect(isNear(pacer.reserve(at: later), .milliseconds(500)))
        let muchLater = start.advanced(by: .seconds(3_600))
        for _ in 0..<4 { #expect(pacer.reserve(at: muchLater) == .zero) }
        #expect(isNear(pacer.reserve(at: muchLater), .milliseconds(500)))
    }

    @Test func noRateIsNoLimit() {
        var pacer = Pacer(rate: 0, burst: 1, now: start)
        for _ in 0..<10_000 { #expect(pacer.reserve(at: start) == .zero) }
    }

    @Test func aClockThatGoesBackGivesNoPlaces() {
        let now = start.advanced(by: .seconds(10))
        var pacer = Pacer(rate: 1, burst: 1, now: now)
        #expect(pacer.reserve(at: now) == .zero)
        #expect(isNear(pacer.reserve(at: start), .seconds(1)))
        #expect(isNear(pacer.reserve(at: now), .seconds(2)))
    }

    @Test(arguments: [-1, 0, 1])
    func aBurstIsAtLeastOneRequest(_ burst: Int) {
        var pacer = Pacer(rate: 1, burst: burst, now: start)
        #expect(pacer.reserve(at: start) == .zero)
        #expect(isNear(pacer.reserve(at: start), .seconds(1)))
    }

    @Test(arguments: [(0.5, 1), (1, 8), (7, 3), (10, 8), (333, 64)], [1, 2, 3] as [UInt64])
    func noWindowHoldsMoreThanItsShare(_ limits: (rate: Double, burst: Int), _ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var pacer = Pacer(rate: limits.rate, burst: limits.burst, now: start)
        var now = start
        var sent: [Double] = []
        for number in 0..<600 {
            // A crowd at first, then crowds, trickles and long silences.
            switch number < 80 ? 9 : Int.random(in: 0..<10, using: &random) {
            case 0: now = now.advanced(by: .seconds(Double.random(in: 0...20, using: &random) / limits.rate))
            case 1...4: now = now.advanced(by: .seconds(Double.random(in: 0...1.5, using: &random) / limits.rate))
            default: break
            }
            let wait = pacer.reserve(at: now)
            #expect(wait >= .zero)
            sent.append(start.duration(to: now.advanced(by: wait)) / .seconds(1))
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

    @Test func aSteadyCrowdIsServedAtTheRate() {
        var pacer = Pacer(rate: 10, burst: 8, now: start)
        var now = start
        for _ in 0..<1_008 { now = max(now, now.advanced(by: pacer.reserve(at: now))) }
        #expect(abs(start.duration(to: now) / .seconds(1) - 100) < 0.01)
    }
}
