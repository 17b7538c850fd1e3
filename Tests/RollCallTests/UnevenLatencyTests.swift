import Model
import RollCall
import Synchronization
import TestSupport
import Testing

/// An API whose answers come at once or far too late.
@Suite struct UnevenLatencyTests {
    /// Every third request runs into its time limit; what is in flight at once goes down, and nothing is lost.
    @Test func `fewer requests are in flight and nothing is lost`() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 6_000, in: directory)
            let clock = StepClock()
            let asked = RecordedBatches()
            let inFlight = Mutex((now: 0, most: [Int]()))
            let slow = ScriptedClient { (batch) async throws(RequestFailure) in
                inFlight.withLock {
                    $0.now += 1
                    $0.most.append($0.now)
                }
                defer { inFlight.withLock { $0.now -= 1 } }
                // The first wait for each other, however slow the machine is; later ones let others go first.
                var yields = 0
                while yields < 30 || (yields < 1_000_000 && inFlight.withLock { $0.most.count < 16 }) {
                    await Task.yield()
                    yields += 1
                }
                guard asked.note(batch) % 3 == 0 else { return BatchReply(batch) { Int64($0.count % 3) } }
                try? await clock.sleep(for: .seconds(20))  // of a clock that never waits
                throw .timeout
            }
            let paced = RateLimitedClient(
                slow, rate: 0, concurrency: 16, policy: { RetryPolicy() }, clock: clock, random: { 0.5 })
            let retried = RetryingClient(
                paced, loop: RetryLoop(clock: clock, decide: { RetryPolicy().decision(on: $0, after: $1, random: 0.5) })
            )
            let result = try await work.run(BatchBisectingClient(retried), concurrency: 16, clock: clock)
            #expect(result.settled == 6_000)
            #expect(result.failedBatches == 0)
            let expected = work.ids.map { Outcome.answered(StatusAnswer(Int64($0.count % 3))) }
            #expect(try work.outcomes() == expected)
            let seen = inFlight.withLock { $0.most }
            #expect(seen.prefix(16).max() == 16)
            #expect(seen.suffix(20).allSatisfy { $0 <= 8 })
        }
    }
}
