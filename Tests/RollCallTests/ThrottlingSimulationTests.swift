import Model
import TestSupport
import Testing

@testable import RollCall

/// A server that accepts so many requests a second and answers 12 above that, and a crowd of requests that wants to be
/// sent: the road finds the limit and keeps just below it. Time is simulated.
@Suite struct ThrottlingSimulationTests {
    struct Outcome {
        var sent = 0
        var throttled = 0
        var throttledAfterWarmUp = 0
        var seconds = 0.0
    }

    @Test(arguments: [1.0, 5, 50], [0.0, 100])
    func `the limit is found and kept`(_ accepted: Double, _ rate: Double) {
        for seed: UInt64 in 1...5 {
            let batches = Int(accepted) * 300
            let outcome = simulate(accepting: accepted, batches: batches, rate: rate, seed: seed)
            let reached = Double(batches) / outcome.seconds
            #expect(reached >= 0.8 * accepted, "\(reached) of \(accepted) a second, seed \(seed)")
            let share = Double(outcome.throttledAfterWarmUp) / Double(outcome.sent - 60)
            #expect(share <= 0.05, "\(share) throttled, seed \(seed)")
        }
    }

    /// Runs batches over a road to a server with a bucket of one second's requests; latency is 50 to 150 ms.
    private func simulate(accepting: Double, batches: Int, rate: Double, seed: UInt64) -> Outcome {
        struct Flight {
            var arrives: StepClock.Instant
            var permit: CongestionController<StepClock.Instant>.Permit
            var isThrottled: Bool
        }
        var random = SeededRandom(seed: seed)
        let start = StepClock().now
        var now = start
        var road = CongestionController<StepClock.Instant>(concurrency: 8, rate: rate, now: now)
        var server = AdaptiveTokenBucket(maxRate: accepting, burst: max(Int(accepting), 1), now: now)
        var flights: [Flight] = []
        var left = batches
        var outcome = Outcome()
        while left > 0 {
            var wakesAt: StepClock.Instant?
            if flights.count < left {
                switch road.admit(at: now) {
                case .go(let permit):
                    let isThrottled = server.acquire(at: now) > .zero
                    outcome.sent += 1
                    if isThrottled {
                        outcome.throttled += 1
                        if outcome.sent > 60 { outcome.throttledAfterWarmUp += 1 }
                    }
                    let latency = Duration.milliseconds(Int.random(in: 50...150, using: &random))
                    flights.append(Flight(arrives: now.advanced(by: latency), permit: permit, isThrottled: isThrottled))
                    continue
                case .wait(let wait): wakesAt = now.advanced(by: wait)
                case .atConcurrencyLimit: break
                case .stalled: return outcome
                }
            }
            flights.sort { $0.arrives > $1.arrives }
            if let flight = flights.last, wakesAt.map({ flight.arrives <= $0 }) ?? true {
                flights.removeLast()
                now = max(now, flight.arrives)
                let share = Double.random(in: 0..<1, using: &random)
                if flight.isThrottled {
                    let pause = Duration.seconds(1 + share)
                    road.failed(.throttled, flight.permit, now: now, pause: pause, random: share)
                } else {
                    left -= 1
                    road.answered(flight.permit, now: now, random: share)
                }
            } else if let wakesAt {
                now = wakesAt
            }
        }
        outcome.seconds = start.duration(to: now) / .seconds(1)
        return outcome
    }
}
