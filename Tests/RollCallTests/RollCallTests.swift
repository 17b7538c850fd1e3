import Files
import Formats
import Journal
import Model
import RollCall
import Synchronization
import TestSupport
import Testing

@Suite struct RollCallTests {
    private func status(of id: [UInt8]) -> Int64 { [0, 1, 2, 4][Int(FNV1a.hash(id) % 4)] }

    @Test(arguments: [0, 1, 99, 100, 101, 200, 1_234], [1, 8])
    func everyIdIsAskedOnceWhenAllIsWell(_ count: Int, _ concurrency: Int) async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: count, in: directory)
            let asked = Asked()
            let asking = Script { (batch) async throws(RequestFailure) in
                asked.note(batch)
                return OnlineReply(batch, status: status)
            }
            let clock = StepClock()
            let ending = try await work.run(asking, concurrency: concurrency, settle: [.seconds(30)], clock: clock)
            let requests = (count + 99) / 100
            #expect(asked.batches.count == requests)
            #expect(asked.sizes.allSatisfy { $0 <= 100 })
            #expect(Set(asked.batches.joined()) == Set(work.ids))
            #expect(asked.batches.joined().count == count)
            #expect(ending.passes == (count == 0 ? 0 : 1))
            #expect(ending.settled == count)
            #expect(ending.api.requests == requests)
            #expect(ending.api.retries == 0)
            #expect(ending.stopped == nil)
            #expect(ending.failedBatches == 0)
            #expect(ending.lastFailure == nil)
            #expect(clock.sleeps.isEmpty)
            let expected = work.ids.map { RollEntry(outcome: .answered(Answer(status(of: $0))), attempts: 1) }
            #expect(try work.entries() == expected)
        }
    }

    @Test func theSettlingTimesAreTheWaitsBeforeLaterPasses() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 3, in: directory)
            let clock = StepClock()
            let asking = Script { (batch) async throws(RequestFailure) in OnlineReply(batch) { _ in 3 } }
            let settle: [Duration] = [.seconds(30), .seconds(120), .seconds(300)]
            let ending = try await work.run(asking, settle: settle, clock: clock)
            #expect(clock.sleeps == settle)
            #expect(ending.passes == 4)
            #expect(ending.settled == 0)
            #expect(ending.api.requests == 4)
            #expect(
                try work.entries() == Array(repeating: RollEntry(outcome: .answered(Answer(3)), attempts: 4), count: 3))
        }
    }

    @Test func withoutSettlingTimesThereIsOnePass() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 150, in: directory)
            let asked = Asked()
            let asking = Script { (batch) async throws(RequestFailure) in
                asked.note(batch)
                throw .timeout
            }
            let ending = try await work.run(asking, settle: [])
            #expect(ending.passes == 1)
            #expect(asked.sizes == [100, 50])
            #expect(try work.outcomes() == Array(repeating: .failed(.timeout), count: 150))
        }
    }

    @Test func aLaterPassAsksForTheUnresolvedOnlyInFullBatches() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 1_000, in: directory)
            let (asked, passes) = (Asked(), Asked())
            let asking = Script { (batch) async throws(RequestFailure) in
                let isFirstPass = asked.note(batch) <= 10
                if !isFirstPass { passes.note(batch) }
                return OnlineReply(batch) { id in isFirstPass && FNV1a.hash(id) % 3 == 0 ? 3 : 1 }
            }
            let ending = try await work.run(asking, concurrency: 4, settle: [.seconds(1), .seconds(1)])
            let unresolved = work.ids.filter { FNV1a.hash($0) % 3 == 0 }
            #expect(unresolved.count > 200)
            #expect(Set(passes.batches.joined()) == Set(unresolved))
            #expect(passes.batches.joined().count == unresolved.count)
            #expect(passes.sizes.count == (unresolved.count + 99) / 100)
            #expect(passes.sizes.count { $0 < 100 } <= 1)
            #expect(ending.passes == 2)
            #expect(ending.settled == 1_000)
            let expected = work.ids.map { id in
                RollEntry(outcome: .answered(Answer(1)), attempts: FNV1a.hash(id) % 3 == 0 ? 2 : 1)
            }
            #expect(try work.entries() == expected)
        }
    }

    @Test func anAnswerIsNotUndoneByALaterFailure() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 4, in: directory)
            let asked = Asked()
            let asking = Script { (batch) async throws(RequestFailure) in
                switch asked.note(batch) {
                case 1:
                    let users = [(0, 3), (1, 99), (2, 0)].map { OnlineReply.User(work.ids[$0.0], $0.1) }
                    return OnlineReply(users: users, receivedAt: Timestamp(milliseconds: 1_000))
                case 3: return OnlineReply(users: [], receivedAt: Timestamp(milliseconds: 2_000))
                default: throw .timeout
                }
            }
            let ending = try await work.run(asking, settle: [.seconds(1), .seconds(1)])
            // What was left out is asked for once more at once: the last of four, and then all three.
            #expect(asked.sizes == [4, 1, 3, 3, 3])
            #expect(ending.settled == 1)
            #expect(
                try work.entries() == [
                    RollEntry(outcome: .answered(Answer(3)), attempts: 4),
                    RollEntry(outcome: .answered(Answer(99)), attempts: 4),
                    RollEntry(outcome: .answered(Answer(0)), attempts: 1),
                    RollEntry(outcome: .failed(.timeout), attempts: 5),
                ])
        }
    }

    @Test func aNewerAnswerReplacesAnOlderOne() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 1, in: directory)
            let asked = Asked()
            let asking = Script { (batch) async throws(RequestFailure) in
                let number = Int64(asked.note(batch))
                return OnlineReply(
                    users: batch.ids.map { .init($0, number == 1 ? 3 : 4) },
                    receivedAt: Timestamp(milliseconds: number * 10))
            }
            try await work.run(asking, settle: [.seconds(1)])
            #expect(try work.outcomes() == [.answered(Answer(4, at: 20))])
        }
    }

    @Test func theEffortOfEveryRequestIsCounted() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 250, in: directory)
            let asked = Asked()
            let asking = Script { (batch) async throws(RequestFailure) in
                var effort = RequestEffort()
                if asked.note(batch) == 2 {
                    var failure = RequestFailure.throttled
                    failure.effort.requests = 6
                    failure.effort.throttled = 5
                    throw failure
                }
                effort.requests = 3
                effort.throttled = 1
                var reply = OnlineReply(batch)
                reply.users.append(.init(Array("stranger".utf8), 0))
                reply.users.append(.init(Array(batch[0]), 0, messageDiffers: true))
                reply.effort = effort
                return reply
            }
            let ending = try await work.run(asking)
            #expect(ending.api.requests == 12)
            #expect(ending.api.retries == 9)
            #expect(ending.api.throttled == 7)
            #expect(ending.api.extraUsers == 2)
            #expect(ending.api.duplicateUsers == 2)
            #expect(ending.api.statusMessageMismatches == 2)
            #expect(ending.failedBatches == 1)
            #expect(ending.lastFailure?.reason == .api(12))
            #expect(ending.stopped == nil)
            let attempts = try work.entries().map(\.attempts)
            #expect(attempts[..<100].allSatisfy { $0 == 3 })
            #expect(attempts[100..<200].allSatisfy { $0 == 6 })
            #expect(attempts[200...].allSatisfy { $0 == 3 })
        }
    }

    @Test func whatWasNeverSentLeavesItsIdsNotAsked() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 150, in: directory)
            let asking = Script { (batch) async throws(RequestFailure) in
                guard batch.count < 100 else { return OnlineReply(batch) }
                var failure = RequestFailure.timeout
                failure.effort.requests = 0
                throw failure
            }
            let ending = try await work.run(asking)
            #expect(ending.api.requests == 1)
            #expect(ending.api.retries == 0)
            #expect(try work.entries()[100...].allSatisfy { $0 == RollEntry() })
        }
    }

    @Test func progressIsToldAfterEveryRequest() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 250, in: directory)
            let told = Mutex<[RollCall<StepClock>.Progress]>([])
            let asked = Asked()
            let asking = Script { (batch) async throws(RequestFailure) in
                if asked.note(batch) == 2 { throw .timeout }
                return OnlineReply(batch)
            }
            try await work.run(asking, settle: [.seconds(1)]) { progress in told.withLock { $0.append(progress) } }
            let all = told.withLock { $0 }
            #expect(all.map(\.pass) == [1, 1, 1, 2])
            #expect(all.map(\.settled) == [100, 100, 150, 250])
            #expect(all.map(\.requests) == [1, 2, 3, 4])
            #expect(all.allSatisfy { $0.unique == 250 })
        }
    }

    @Test func aBrokenWorkFileIsAnError() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 250, in: directory)
            let short = try AnswerFile(creating: directory + "/short", count: 220)
            let asking = Script { (batch) async throws(RequestFailure) in OnlineReply(batch) }
            let rollCall = RollCall(
                asking: asking, concurrency: 2, settle: [], clock: StepClock(), progress: { _ in })
            await #expect(throws: FileError.self) {
                _ = try await rollCall.run(spoolPath: work.spoolPath, answers: short)
            }
        }
    }
}
