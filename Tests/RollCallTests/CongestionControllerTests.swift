import TestSupport
import Testing

@testable import RollCall

@Suite struct CongestionControllerTests {
    private typealias Road = CongestionController<StepClock.Instant>

    private let start = StepClock().now

    private func at(_ seconds: Double) -> StepClock.Instant { start.advanced(by: .seconds(seconds)) }

    private func permit(_ admission: Road.Admission) throws -> Road.Permit {
        guard case .go(let permit) = admission else { throw NoPermit(admission: "\(admission)") }
        return permit
    }

    private struct NoPermit: Error { var admission: String }

    private func wait(_ admission: Road.Admission) -> Double? {
        if case .wait(let wait) = admission { wait / .seconds(1) } else { nil }
    }

    /// A road whose retry budget is used up at second 0.
    private func circuitBreaker(random: Double = 0) -> Road {
        var road = Road(concurrency: 8, rate: 0, now: start)
        for _ in 0..<101 { road.retry(now: start, random: random) }
        return road
    }

    @Test func `an empty budget stops everything but a probe`() throws {
        var road = circuitBreaker()
        #expect(road.isBrownOut)
        #expect(wait(road.admit(at: start)) == 5)
        let probe = try permit(road.admit(at: at(5)))
        #expect(probe.isProbe)
        guard case .atConcurrencyLimit = road.admit(at: at(6)) else {
            Issue.record("two probes at once")
            return
        }
    }

    @Test func `three good probes resume at half the limit`() throws {
        var road = circuitBreaker()
        var time = 0.0
        for _ in 0..<3 {
            time += 5
            #expect(road.isBrownOut)
            road.answered(try permit(road.admit(at: at(time))), now: at(time), random: 0)
        }
        #expect(!road.isBrownOut)
        #expect(road.limit.current == 4)
        #expect(road.budget.left >= 25)
    }

    @Test func `a failed probe restarts the count and probes are spread`() throws {
        var road = circuitBreaker()
        for time in [5.0, 10] { road.answered(try permit(road.admit(at: at(time))), now: at(time), random: 0) }
        road.failed(.timeout, try permit(road.admit(at: at(15))), now: at(15), pause: .zero, random: 1)
        #expect(wait(road.admit(at: at(15))) == 30)
        for time in [45.0, 50] { road.answered(try permit(road.admit(at: at(time))), now: at(time), random: 0) }
        #expect(road.isBrownOut)
    }

    @Test func `a probe waits as long as the server asked`() throws {
        var road = Road(concurrency: 8, rate: 0, now: start)
        road.failed(.throttled, try permit(road.admit(at: start)), now: start, pause: .seconds(120), random: 0)
        for _ in 0..<101 { road.retry(now: start, random: 0) }
        #expect(road.isBrownOut)
        #expect(wait(road.admit(at: at(5))) == 115)
        #expect(try permit(road.admit(at: at(120))).isProbe)
    }

    @Test func `ten minutes of failures end the run`() throws {
        var road = Road(concurrency: 8, rate: 0, now: start)
        road.failed(.timeout, try permit(road.admit(at: start)), now: start, pause: .zero, random: 0)
        var time = 0.0
        while time < 570 {
            time += 30
            road.failed(.timeout, try permit(road.admit(at: at(time))), now: at(time), pause: .zero, random: 0)
        }
        guard case .stalled = road.admit(at: at(600)) else {
            Issue.record("went on")
            return
        }
    }

    @Test func `one answer in ten minutes keeps the run going`() throws {
        var road = Road(concurrency: 8, rate: 0, now: start)
        for time in stride(from: 0.0, to: 3_000, by: 100) {
            let permit = try permit(road.admit(at: at(time)))
            if time == 500 || time == 1_000 || time == 1_500 || time == 2_000 || time == 2_500 {
                road.answered(permit, now: at(time), random: 0)
            } else {
                road.failed(.timeout, permit, now: at(time), pause: .zero, random: 0)
            }
        }
    }

    /// The wait before a later pass may be longer than patience is; the failures before it do not count.
    @Test func `the wait between two passes is not a stall`() throws {
        var road = Road(concurrency: 8, rate: 0, now: start)
        road.failed(.timeout, try permit(road.admit(at: start)), now: start, pause: .zero, random: 0)
        _ = try permit(road.admit(at: at(3_600)))
    }

    @Test func `a throttled reply pauses all requests`() throws {
        var road = Road(concurrency: 8, rate: 0, now: start)
        let (first, second) = (try permit(road.admit(at: start)), try permit(road.admit(at: start)))
        road.failed(.throttled, first, now: at(1), pause: .seconds(4), random: 0)
        #expect(wait(road.admit(at: at(1))) == 4)
        // The second answer to the same overload cuts nothing.
        let limit = road.limit.current
        road.failed(.throttled, second, now: at(1), pause: .seconds(2), random: 0)
        #expect(road.limit.current == limit)
        #expect(limit == 4)
        #expect(wait(road.admit(at: at(3))) == 2)
    }

    @Test func `no more requests than the limit are in flight`() throws {
        var road = Road(concurrency: 2, rate: 0, now: start)
        let first = try permit(road.admit(at: start))
        _ = try permit(road.admit(at: start))
        guard case .atConcurrencyLimit = road.admit(at: start) else {
            Issue.record("three of two")
            return
        }
        road.answered(first, now: start, random: 0)
        _ = try permit(road.admit(at: start))
    }

    /// Answers that put off all of a full batch, one after the other.
    @Test func `five tryLater replies in a row slow down`() throws {
        var road = Road(concurrency: 8, rate: 10, now: start)
        func answer(at time: Double, tryLaterPause: Duration?) throws {
            road.answered(try permit(road.admit(at: at(time))), now: at(time), tryLaterPause: tryLaterPause, random: 0)
        }
        for time in [1.0, 2, 3, 4] { try answer(at: time, tryLaterPause: .seconds(2)) }
        try answer(at: 5, tryLaterPause: nil)
        for time in [6.0, 7, 8, 9] { try answer(at: time, tryLaterPause: .seconds(2)) }
        #expect(road.limit.current == 8)
        try answer(at: 10, tryLaterPause: .seconds(2))
        #expect(road.limit.current == 4)
        #expect(wait(road.admit(at: at(10))) == 2)
        #expect(road.bucket.rate.map { $0 < 10 } == true)
    }
}

extension CongestionController {
    fileprivate var isBrownOut: Bool { circuitBreaker != nil }
}
