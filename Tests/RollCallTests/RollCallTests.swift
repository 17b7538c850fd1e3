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
    func `every id is requested once if no request fails`(_ count: Int, _ concurrency: Int) async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: count, in: directory)
            let asked = RecordedBatches()
            let client = ScriptedClient { (batch) async throws(RequestFailure) in
                asked.note(batch)
                return BatchReply(batch, status: status)
            }
            let clock = StepClock()
            let result = try await work.run(client, concurrency: concurrency, settle: [.seconds(30)], clock: clock)
            let requests = (count + 99) / 100
            #expect(asked.batches.count == requests)
            #expect(asked.sizes.allSatisfy { $0 <= 100 })
            #expect(Set(asked.batches.joined()) == Set(work.ids))
            #expect(asked.batches.joined().count == count)
            #expect(result.passes == (count == 0 ? 0 : 1))
            #expect(result.settled == count)
            #expect(result.api.requests == requests)
            #expect(result.api.retries == 0)
            #expect(result.stopped == nil)
            #expect(result.failedBatches == 0)
            #expect(result.lastFailure == nil)
            #expect(clock.sleeps.isEmpty)
            let expected = work.ids.map { IDState(outcome: .answered(StatusAnswer(status(of: $0))), attempts: 1) }
            #expect(try work.entries() == expected)
        }
    }

    @Test func `the settling times are the waits before later passes`() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 3, in: directory)
            let clock = StepClock()
            let client = ScriptedClient { (batch) async throws(RequestFailure) in BatchReply(batch) { _ in 3 } }
            let settle: [Duration] = [.seconds(30), .seconds(120), .seconds(300)]
            let result = try await work.run(client, settle: settle, clock: clock)
            #expect(clock.sleeps == settle)
            #expect(result.passes == 4)
            #expect(result.settled == 0)
            #expect(result.api.requests == 4)
            #expect(
                try work.entries()
                    == Array(repeating: IDState(outcome: .answered(StatusAnswer(3)), attempts: 4), count: 3))
        }
    }

    @Test func `without settling times there is one pass`() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 150, in: directory)
            let asked = RecordedBatches()
            let client = ScriptedClient { (batch) async throws(RequestFailure) in
                asked.note(batch)
                throw .timeout
            }
            let result = try await work.run(client, settle: [])
            #expect(result.passes == 1)
            #expect(asked.sizes == [100, 50])
            #expect(try work.outcomes() == Array(repeating: .failed(.timeout), count: 150))
        }
    }

    @Test func `a later pass requests only unresolved ids in full batches`() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 1_000, in: directory)
            let (asked, passes) = (RecordedBatches(), RecordedBatches())
            let client = ScriptedClient { (batch) async throws(RequestFailure) in
                let isFirstPass = asked.note(batch) <= 10
                if !isFirstPass { passes.note(batch) }
                return BatchReply(batch) { id in isFirstPass && FNV1a.hash(id) % 3 == 0 ? 3 : 1 }
            }
            let result = try await work.run(client, concurrency: 4, settle: [.seconds(1), .seconds(1)])
            let unresolved = work.ids.filter { FNV1a.hash($0) % 3 == 0 }
            #expect(unresolved.count > 200)
            #expect(Set(passes.batches.joined()) == Set(unresolved))
            #expect(passes.batches.joined().count == unresolved.count)
            #expect(passes.sizes.count == (unresolved.count + 99) / 100)
            #expect(passes.sizes.count { $0 < 100 } <= 1)
            #expect(result.passes == 2)
            #expect(result.settled == 1_000)
            let expected = work.ids.map { id in
                IDState(outcome: .answered(StatusAnswer(1)), attempts: FNV1a.hash(id) % 3 == 0 ? 2 : 1)
            }
            #expect(try work.entries() == expected)
        }
    }

    @Test func `an answer is not undone by a later failure`() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 4, in: directory)
            let asked = RecordedBatches()
            let client = ScriptedClient { (batch) async throws(RequestFailure) in
                switch asked.note(batch) {
                case 1:
                    let users = [(0, 3), (1, 99), (2, 0)].map { BatchReply.User(work.ids[$0.0], $0.1) }
                    return BatchReply(users: users, receivedAt: Timestamp(milliseconds: 1_000))
                case 3: return BatchReply(users: [], receivedAt: Timestamp(milliseconds: 2_000))
                default: throw .timeout
                }
            }
            let result = try await work.run(client, settle: [.seconds(1), .seconds(1)])
            // What was left out is asked for once more at once: the last of four, and then all three.
            #expect(asked.sizes == [4, 1, 3, 3, 3])
            #expect(result.settled == 1)
            #expect(
                try work.entries() == [
                    IDState(outcome: .answered(StatusAnswer(3)), attempts: 4),
                    IDState(outcome: .answered(StatusAnswer(99)), attempts: 4),
                    IDState(outcome: .answered(StatusAnswer(0)), attempts: 1),
                    IDState(outcome: .failed(.timeout), attempts: 5),
                ])
        }
    }

    @Test func `a newer answer replaces an older one`() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 1, in: directory)
            let asked = RecordedBatches()
            let client = ScriptedClient { (batch) async throws(RequestFailure) in
                let number = Int64(asked.note(batch))
                return BatchReply(
                    users: batch.ids.map { .init($0, number == 1 ? 3 : 4) },
                    receivedAt: Timestamp(milliseconds: number * 10))
            }
            try await work.run(client, settle: [.seconds(1)])
            #expect(try work.outcomes() == [.answered(StatusAnswer(4, at: 20))])
        }
    }

    @Test func `the counts of all requests add up`() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 250, in: directory)
            let asked = RecordedBatches()
            let client = ScriptedClient { (batch) async throws(RequestFailure) in
                var requestCounts = RequestCounts()
                if asked.note(batch) == 2 {
                    var failure = RequestFailure.throttled
                    failure.requestCounts.requests = 6
                    failure.requestCounts.throttled = 5
                    throw failure
                }
                requestCounts.requests = 3
                requestCounts.throttled = 1
                var reply = BatchReply(batch)
                reply.users.append(.init(Array("stranger".utf8), 0))
                reply.users.append(.init(Array(batch[0]), 0, messageDiffers: true))
                reply.requestCounts = requestCounts
                return reply
            }
            let result = try await work.run(client)
            #expect(result.api.requests == 12)
            #expect(result.api.retries == 9)
            #expect(result.api.throttled == 7)
            #expect(result.api.extraUsers == 2)
            #expect(result.api.duplicateUsers == 2)
            #expect(result.api.statusMessageMismatches == 2)
            #expect(result.failedBatches == 1)
            #expect(result.lastFailure?.reason == .api(12))
            #expect(result.stopped == nil)
            let attempts = try work.entries().map(\.attempts)
            #expect(attempts[..<100].allSatisfy { $0 == 3 })
            #expect(attempts[100..<200].allSatisfy { $0 == 6 })
            #expect(attempts[200...].allSatisfy { $0 == 3 })
        }
    }

    @Test func `a request that was never sent leaves its ids not asked`() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 150, in: directory)
            let client = ScriptedClient { (batch) async throws(RequestFailure) in
                guard batch.count < 100 else { return BatchReply(batch) }
                var failure = RequestFailure.timeout
                failure.requestCounts.requests = 0
                throw failure
            }
            let result = try await work.run(client)
            #expect(result.api.requests == 1)
            #expect(result.api.retries == 0)
            #expect(try work.entries()[100...].allSatisfy { $0 == IDState() })
        }
    }

    @Test func `progress is reported after every request`() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 250, in: directory)
            let told = Mutex<[RollCall<StepClock>.Progress]>([])
            let asked = RecordedBatches()
            let client = ScriptedClient { (batch) async throws(RequestFailure) in
                if asked.note(batch) == 2 { throw .timeout }
                return BatchReply(batch)
            }
            try await work.run(client, settle: [.seconds(1)]) { progress in told.withLock { $0.append(progress) } }
            let all = told.withLock { $0 }
            #expect(all.map(\.pass) == [1, 1, 1, 2])
            #expect(all.map(\.settled) == [100, 100, 150, 250])
            #expect(all.map(\.requests) == [1, 2, 3, 4])
            #expect(all.allSatisfy { $0.unique == 250 })
        }
    }

    @Test func `a broken work file is an error`() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 250, in: directory)
            let short = try AnswerFile(creating: directory + "/short", count: 220)
            let client = ScriptedClient { (batch) async throws(RequestFailure) in BatchReply(batch) }
            let rollCall = RollCall(
                client: client, concurrency: 2, settle: [], clock: StepClock(), progress: { _ in })
            await #expect(throws: FileError.self) {
                _ = try await rollCall.run(spoolPath: work.spoolPath, answers: short)
            }
        }
    }
}
