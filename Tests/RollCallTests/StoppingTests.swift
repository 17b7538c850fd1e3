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
    @Test func aRequestOnItsWayIsWaitedFor() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 1_000, in: directory)
            let asked = Asked()
            let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
            let (departures, depart) = AsyncStream.makeStream(of: Void.self)
            let inner = Script { (batch) async throws(RequestFailure) in
                let number = asked.note(batch)
                if number == 3 {
                    arrived.yield()
                    for await _ in departures { break }
                }
                return OnlineReply(batch)
            }
            let asking = Draining(inner, grace: .seconds(10), clock: StandingClock())
            let run = Task { try await work.run(asking) }
            for await _ in arrivals { break }
            run.cancel()
            depart.yield()
            let ending = try await run.value
            #expect(ending.isCutShort)
            #expect(ending.stopped == nil)
            #expect(ending.settled == 300)
            #expect(asked.batches.count == 3)
            #expect(try work.entries()[300...].allSatisfy { $0 == RollEntry() })
        }
    }

    /// A request that does not come back in the time of grace is cut off.
    @Test func aRequestThatTakesTooLongIsCutOff() async throws {
        let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
        let inner = Script { (_) async throws(RequestFailure) in
            arrived.yield()
            try? await ContinuousClock().sleep(for: .seconds(3_600))  // until it is cancelled
            throw .timeout
        }
        let clock = StepClock()
        let draining = Draining(inner, grace: .seconds(10), clock: clock)
        let request = Task { () async -> RequestFailure? in
            do throws(RequestFailure) { _ = try await draining.ask(IDBatch([[1]])) } catch { return error }
            return nil
        }
        for await _ in arrivals { break }
        request.cancel()
        #expect(await request.value == .timeout)
        #expect(clock.sleeps == [.seconds(10)])
    }

    @Test func aRunThatIsStoppedBeginsNoOtherPass() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 10, in: directory)
            let asked = Asked()
            let (stops, stop) = AsyncStream.makeStream(of: Void.self)
            let asking = Script { (batch) async throws(RequestFailure) in
                asked.note(batch)
                stop.yield()
                await eventually { Task.isCancelled }
                return OnlineReply(batch) { _ in 3 }
            }
            let run = Task { () async throws -> RollCall<StepClock>.Ending in
                let rollCall = RollCall(
                    asking: asking, concurrency: 1, settle: [.seconds(1)], clock: StepClock(), progress: { _ in })
                return try await rollCall.run(spoolPath: work.spoolPath, answers: work.answers)
            }
            for await _ in stops { break }
            run.cancel()
            let ending = try await run.value
            #expect(ending.isCutShort)
            #expect(ending.passes == 1)
            #expect(asked.batches.count == 1)
        }
    }

    /// Passes begin while there is time for their wait; a pass that could not begin before the deadline is left.
    @Test(arguments: [(1, 1), (31, 2), (149, 2), (151, 3)])
    func aPassThatWouldBeginTooLateIsLeft(_ seconds: Int, _ passes: Int) async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 10, in: directory)
            let clock = StepClock()
            let rollCall = RollCall(
                asking: Script { (batch) async throws(RequestFailure) in OnlineReply(batch) { _ in 3 } },
                concurrency: 1, settle: [.seconds(30), .seconds(120)],
                deadline: clock.now.advanced(by: .seconds(seconds)), clock: clock, progress: { _ in })
            let ending = try await rollCall.run(spoolPath: work.spoolPath, answers: work.answers)
            #expect(ending.passes == passes)
            #expect(ending.isCutShort == (passes < 3))
        }
    }

    @Test func aRunWithoutTimeAsksForNothing() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 10, in: directory)
            let clock = StepClock()
            let rollCall = RollCall(
                asking: Script { (_) async throws(RequestFailure) in throw .denied }, concurrency: 1, settle: [],
                deadline: clock.now, clock: clock, progress: { _ in })
            let ending = try await rollCall.run(spoolPath: work.spoolPath, answers: work.answers)
            #expect(ending.isCutShort)
            #expect(ending.passes == 0)
            #expect(try work.entries().allSatisfy { $0 == RollEntry() })
        }
    }

    @Test func aServerMayNotAskToWaitForLongerThanThereIs() {
        var failure = RequestFailure.throttled
        failure.retryAfter = .seconds(60)
        var tries = RetryPolicy.Tries()
        tries.count(failure)
        func verdict(_ patience: Duration?) -> RetryPolicy.Verdict {
            RetryPolicy(patience: patience).verdict(on: failure, after: tries, random: 0)
        }
        #expect(verdict(.seconds(59)) == .tooLong(.seconds(60)))
        #expect(verdict(.seconds(61)) == .again(after: .seconds(60)))
        #expect(verdict(nil) == .again(after: .seconds(60)))
        failure.retryAfter = .seconds(301)
        #expect(verdict(.seconds(1_000)) == .tooLong(.seconds(301)))
    }
}
