import RollCall
import TestSupport
import Testing

@Suite struct ConcurrencyLimitTests {
    private let start = StepClock().now

    @Test func `starts at the maximum and stays within it`() {
        var limit = ConcurrencyLimit<StepClock.Instant>(maximum: 8)
        for _ in 0..<100 { limit.succeeded(inFlight: 8) }
        #expect(limit.current == 8)
        #expect(ConcurrencyLimit<StepClock.Instant>(maximum: 0).current == 1)
    }

    @Test func `a cut halves and a window of successes gives one back`() {
        var limit = ConcurrencyLimit<StepClock.Instant>(maximum: 8)
        #expect(limit.cut(by: 0.5, sentAt: start, now: start) == true)
        #expect(limit.current == 4)
        for _ in 0..<3 { limit.succeeded(inFlight: 4) }
        #expect(limit.current == 4)
        limit.succeeded(inFlight: 4)
        #expect(limit.current == 5)
        for _ in 0..<5 { limit.succeeded(inFlight: 5) }
        #expect(limit.current == 6)
    }

    @Test func `answers to requests sent before a cut do not cut again`() {
        var limit = ConcurrencyLimit<StepClock.Instant>(maximum: 8)
        let now = start.advanced(by: .seconds(1))
        #expect(limit.cut(by: 0.5, sentAt: start, now: now) == true)
        for _ in 0..<7 { #expect(limit.cut(by: 0.5, sentAt: start, now: now) == false) }
        #expect(limit.current == 4)
        let later = now.advanced(by: .milliseconds(1))
        #expect(limit.cut(by: 0.5, sentAt: later, now: later) == true)
        #expect(limit.current == 2)
    }

    @Test func `a limit that is not used does not grow`() {
        var limit = ConcurrencyLimit<StepClock.Instant>(maximum: 8)
        _ = limit.cut(by: 0.5, sentAt: start, now: start)
        for _ in 0..<100 { limit.succeeded(inFlight: 1) }
        #expect(limit.current == 4)
    }

    @Test func `never falls below one`() {
        var limit = ConcurrencyLimit<StepClock.Instant>(maximum: 64)
        var now = start
        for _ in 0..<30 {
            now = now.advanced(by: .seconds(1))
            _ = limit.cut(by: 0.7, sentAt: now, now: now)
        }
        #expect(limit.current == 1)
        limit.succeeded(inFlight: 1)
        #expect(limit.current == 2)
    }
}
