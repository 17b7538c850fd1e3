import Model
import RollCall
import Synchronization
import TestSupport
import Testing

/// A run that is told to stop, or runs out of time.
@Suite struct StoppingTests {
    /// A clock whose sleepers wait until they are cancelled.
    private final class StandingClock: Clock {
        typealias Instant = StepClock.Instant
        let now = StepClock().now
        let minimumResolution = Duration.zero
        func sleep(until deadline: Instant, tolerance: Duration?) async throws {
            try await ContinuousClock().sleep(for: .seconds(3_600))  // until it is cancelled
        }
    }

    /// Cancelled with a request on its way, which comes back and is kept.
    @Test func `a request in flight is awaited`() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 1_000, in: directory)
            let asked = RecordedBatches()
            let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
            let (departures, depart) = AsyncStream.makeStream(of: Void.self)
            let inner = ScriptedClient { (batch) async throws(RequestFailure) in
                let number = asked.note(batch)
                if number == 3 {
                    arrived.yield()
                    for await _ in departures { break }
                }
                return BatchReply(batch)
            }
            let client = DrainingClient(inner, grace: .seconds(10), clock: StandingClock())
            let run = Task { try await work.run(client) }
            for await _ in arrivals { break }
            run.cancel()
            depart.yield()
            let result = try await run.value
            #expect(result.isCutShort)
            #expect(result.stopped == nil)
            #expect(result.settled == 300)
            #expect(asked.batches.count == 3)
            #expect(try work.entries()[300...].allSatisfy { $0 == IDState() })
        }
    }

    /// A request that does not come back in the time of grace is cut off.
    @Test func `a request that takes too long is cancelled`() async throws {
        let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
        let inner = ScriptedClient { (_) async throws(RequestFailure) in
            arrived.yield()
            try? await ContinuousClock().sleep(for: .seconds(3_600))  // until it is cancelled
            throw .timeout
        }
        let clock = StepClock()
        let draining = DrainingClient(inner, grace: .seconds(10), clock: clock)
        let request = Task { () async -> RequestFailure? in
            do throws(RequestFailure) { _ = try await draining.fetch(IDBatch([[1]])) } catch { return error }
            return nil
        }
        for await _ in arrivals { break }
        request.cancel()
        #expect(await request.value == .timeout)
        #expect(clock.sleeps == [.seconds(10)])
    }

    @Test func `a stopped run starts no further pass`() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 10, in: directory)
            let asked = RecordedBatches()
            let (stops, stop) = AsyncStream.makeStream(of: Void.self)
            let client = ScriptedClient { (batch) async throws(RequestFailure) in
                asked.note(batch)
                stop.yield()
                await eventually { Task.isCancelled }
                return BatchReply(batch) { _ in 3 }
            }
            let run = Task { () async throws -> RollCallResult in
                let rollCall = RollCall(
                    client: client, concurrency: 1, settle: [.seconds(1)], clock: StepClock(), progress: { _ in })
                return try await rollCall.run(spoolPath: work.spoolPath, answers: work.answers)
            }
            for await _ in stops { break }
            run.cancel()
            let result = try await run.value
            #expect(result.isCutShort)
            #expect(result.passes == 1)
            #expect(asked.batches.count == 1)
        }
    }

    /// Passes begin while there is time for their wait; a pass that could not begin before the deadline is left.
    @Test(arguments: [(1, 1), (31, 2), (149, 2), (151, 3)])
    func `a pass that would start too late is skipped`(_ seconds: Int, _ passes: Int) async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 10, in: directory)
            let clock = StepClock()
            let rollCall = RollCall(
                client: ScriptedClient { (batch) async throws(RequestFailure) in BatchReply(batch) { _ in 3 } },
                concurrency: 1, settle: [.seconds(30), .seconds(120)],
                deadline: clock.now.advanced(by: .seconds(seconds)), clock: clock, progress: { _ in })
            let result = try await rollCall.run(spoolPath: work.spoolPath, answers: work.answers)
            #expect(result.passes == passes)
            #expect(result.isCutShort == (passes < 3))
        }
    }

    @Test func `a run without time sends no request`() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 10, in: directory)
            let clock = StepClock()
            let rollCall = RollCall(
                client: ScriptedClient { (_) async throws(RequestFailure) in throw .denied }, concurrency: 1,
                settle: [],
                deadline: clock.now, clock: clock, progress: { _ in })
            let result = try await rollCall.run(spoolPath: work.spoolPath, answers: work.answers)
            #expect(result.isCutShort)
            #expect(result.passes == 0)
            #expect(try work.entries().allSatisfy { $0 == IDState() })
        }
    }

    @Test func `a server may not request a wait longer than the time remaining`() {
        var failure = RequestFailure.throttled
        failure.retryAfter = .seconds(60)
        var tries = RetryPolicy.FailureCounts()
        tries.count(failure)
        func decision(_ timeRemaining: Duration?) -> RetryPolicy.Decision {
            RetryPolicy(timeRemaining: timeRemaining).decision(on: failure, after: tries, random: 0)
        }
        #expect(decision(.seconds(59)) == .retryAfterExceedsLimit(.seconds(60)))
        #expect(decision(.seconds(61)) == .retry(after: .seconds(60)))
        #expect(decision(nil) == .retry(after: .seconds(60)))
        failure.retryAfter = .seconds(301)
        #expect(decision(.seconds(1_000)) == .retryAfterExceedsLimit(.seconds(301)))
    }
}
