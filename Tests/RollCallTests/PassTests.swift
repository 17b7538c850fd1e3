import Files
import Glibc
import Journal
import Model
import Synchronization
import TestSupport
import Testing

@testable import RollCall

/// What the tasks that ask share: checkpoints, and work files that break.
@Suite struct PassTests {
    private func rollCall(
        _ client: any OnlineStatusClient,
        concurrency: Int,
        clock: StepClock = StepClock(),
        checkpoint: @escaping @Sendable (RollCallResult) throws -> Void = { _ in }
    ) -> RollCall<StepClock> {
        RollCall(
            client: client, concurrency: concurrency, settle: [], clock: clock, checkpoint: checkpoint,
            progress: { _ in })
    }

    @Test func `there is one checkpoint at a time and it is never ahead of the file`() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 4_000, in: directory)
            let clock = StepClock()
            let asked = RecordedBatches()
            let underWay = Mutex((now: 0, most: 0, total: 0))
            // Asking goes on during a checkpoint, eight batches further each time.
            let allowed = Mutex(8)
            let client = ScriptedClient { (batch) async throws(RequestFailure) in
                let number = asked.note(batch)
                await eventually { allowed.withLock { $0 >= number } }
                clock.advance(by: .seconds(1))
                return BatchReply(batch)
            }
            let result = try await rollCall(client, concurrency: 4, clock: clock) { result in
                underWay.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1), $0.total + 1) }
                let kept = try work.outcomes().count { $0 == .answered(StatusAnswer(0)) }
                #expect(kept >= result.settled)
                var patience = 2_000
                while allowed.withLock({ $0 > asked.batches.count }), asked.batches.count < 40, patience > 0 {
                    usleep(1_000)  // a slow disk is what is tested
                    patience -= 1
                }
                allowed.withLock { $0 += 8 }
                underWay.withLock { $0.now -= 1 }
            }.run(spoolPath: work.spoolPath, answers: work.answers)
            #expect(result.settled == 4_000)
            #expect(underWay.withLock { $0.most } == 1)
            #expect(underWay.withLock { $0.total } > 1)
        }
    }

    @Test func `a failed checkpoint ends the run and the requests in flight`() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 1_000, in: directory)
            let clock = StepClock()
            let asked = RecordedBatches()
            let wereCancelled = Mutex<[Bool]>([])
            let client = ScriptedClient { (batch) async throws(RequestFailure) in
                guard asked.note(batch) > 1 else {
                    clock.advance(by: .seconds(3))
                    return BatchReply(batch)
                }
                let wasCancelled = await eventually { Task.isCancelled }
                wereCancelled.withLock { $0.append(wasCancelled) }
                throw .timeout
            }
            let rollCall = rollCall(client, concurrency: 4, clock: clock) { _ in
                throw FileError(.failed, "cannot write", path: "answers")
            }
            await #expect(throws: FileError.self) {
                _ = try await rollCall.run(spoolPath: work.spoolPath, answers: work.answers)
            }
            #expect(wereCancelled.withLock { $0 }.allSatisfy { $0 })
            #expect(asked.batches.count <= 5)
        }
    }

    /// The list is longer than the file of its answers: found when the third task is given its batch.
    @Test func `an error while the window fills ends the requests in flight`() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 250, in: directory)
            let short = try AnswerFile(creating: directory + "/short", count: 220)
            let wereCancelled = Mutex<[Bool]>([])
            let client = ScriptedClient { (batch) async throws(RequestFailure) in
                let wasCancelled = await eventually { Task.isCancelled }
                wereCancelled.withLock { $0.append(wasCancelled) }
                throw .timeout
            }
            await #expect(throws: FileError.self) {
                _ = try await rollCall(client, concurrency: 8).run(spoolPath: work.spoolPath, answers: short)
            }
            #expect(wereCancelled.withLock { $0 } == [true, true])
        }
    }
}
