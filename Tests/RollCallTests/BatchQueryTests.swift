import Model
import RollCall
import TestSupport
import Testing

/// What a good answer leaves open is asked for once more at once.
@Suite struct BatchQueryTests {
    /// A run over `count` ids whose requests are answered by number, from 1.
    private func run(
        _ count: Int,
        settle: [Duration] = [],
        _ answer: @escaping @Sendable (Int, IDBatch, [[UInt8]]) throws(RequestFailure) -> BatchReply
    ) async throws -> (result: RollCallResult, sizes: [Int], entries: [IDState]) {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: count, in: directory)
            let asked = RecordedBatches()
            let client = ScriptedClient { (batch) async throws(RequestFailure) in
                try answer(asked.note(batch), batch, work.ids)
            }
            let result = try await work.run(client, settle: settle)
            return (result, asked.sizes, try work.entries())
        }
    }

    @Test func `ids that a reply omits are requested again together`() async throws {
        let (result, sizes, entries) = try await run(250) { number, batch, _ in
            var reply = BatchReply(batch)
            if number == 1 { reply.users.removeSubrange(10..<13) }
            return reply
        }
        #expect(sizes == [100, 3, 100, 50])
        #expect(result.settled == 250)
        #expect(result.passes == 1)
        #expect(entries.indices.filter { entries[$0].attempts == 2 } == [10, 11, 12])
        #expect(entries.allSatisfy { $0.attempts <= 2 && $0.isSettled })
    }

    @Test func `ids that are always omitted are not returned`() async throws {
        let (result, sizes, entries) = try await run(100, settle: [.seconds(1)]) { _, batch, ids in
            BatchReply(
                users: batch.ids.filter { $0 != ids[40] }.map { .init($0, 1) },
                receivedAt: Timestamp(milliseconds: 1))
        }
        // Twice a pass.
        #expect(sizes == [100, 1, 1, 1])
        #expect(result.settled == 99)
        #expect(result.stopped == nil)
        #expect(entries[40] == IDState(outcome: .notReturned, attempts: 4))
    }

    @Test func `an id with two statuses is requested again`() async throws {
        let (result, sizes, entries) = try await run(3) { number, batch, _ in
            var reply = BatchReply(batch) { _ in 1 }
            if number == 1 { reply.users.append(.init(batch.ids[1], 4)) }
            return reply
        }
        #expect(sizes == [3, 1])
        #expect(result.settled == 3)
        #expect(result.api.duplicateUsers == 1)
        #expect(entries[1] == IDState(outcome: .answered(StatusAnswer(1)), attempts: 2))
    }

    @Test func `an id that always has two statuses gets none`() async throws {
        let (result, sizes, entries) = try await run(3) { _, batch, ids in
            var reply = BatchReply(batch) { _ in 1 }
            if batch.ids.contains(ids[1]) { reply.users.append(.init(ids[1], 4)) }
            return reply
        }
        #expect(sizes == [3, 1])
        #expect(result.settled == 2)
        #expect(entries[1] == IDState(outcome: .failed(.conflict), attempts: 2))
    }

    /// Two answers that were exchanged: nobody gets another's status, and both batches are asked for again.
    @Test func `a swapped reply reaches no id`() async throws {
        let (result, sizes, entries) = try await run(200) { number, batch, ids in
            guard number == 1 else { return BatchReply(batch) { _ in 1 } }
            return BatchReply(IDBatch(Array(ids[100...]))) { _ in 4 }
        }
        #expect(sizes == [100, 100, 100])
        #expect(result.api.extraUsers == 100)
        #expect(result.settled == 200)
        #expect(entries.allSatisfy { $0.outcome == .answered(StatusAnswer(1)) })
    }

    @Test func `a reply that is repeated for every request ends the run`() async throws {
        let (result, sizes, entries) = try await run(1_000) { _, _, ids in
            BatchReply(IDBatch(Array(ids[..<100]))) { _ in 1 }
        }
        #expect(result.stopped?.failureClass == .fatal(.protocolViolation))
        // The first was right; two batches were then asked for twice.
        #expect(sizes.count == 5)
        #expect(result.settled == 100)
        #expect(entries[100..<300].allSatisfy { $0 == IDState(outcome: .notReturned, attempts: 2) })
        #expect(entries[300...].allSatisfy { $0 == IDState() })
    }

    /// A few ids that the server writes in another way are no sign of a mix-up.
    @Test func `a few unrequested users are not a mix up`() async throws {
        let (result, _, entries) = try await run(9, settle: [.seconds(1), .seconds(1)]) { _, batch, _ in
            BatchReply(
                users: batch.ids.map { .init(Array("ID".utf8) + $0.dropFirst(2), 1) },
                receivedAt: Timestamp(milliseconds: 1))
        }
        #expect(result.stopped == nil)
        #expect(entries.allSatisfy { $0 == IDState(outcome: .notReturned, attempts: 6) })
    }

    @Test func `a refusal of the second request ends the run`() async throws {
        let (result, sizes, entries) = try await run(200) { number, batch, _ throws(RequestFailure) in
            if number == 2 { throw .denied }
            var reply = BatchReply(batch)
            reply.users.removeLast()
            return reply
        }
        #expect(sizes == [100, 1])
        #expect(result.stopped == .denied)
        // Why it stopped is said once.
        #expect(result.failedBatches == 0)
        #expect(result.settled == 99)
        #expect(entries[99] == IDState(outcome: .failed(.api(2)), attempts: 2))
    }

    @Test func `a failure of the second request is left to later passes`() async throws {
        let (result, sizes, _) = try await run(2, settle: [.seconds(1)]) { number, batch, _ throws(RequestFailure) in
            if number == 2 { throw .timeout }
            var reply = BatchReply(batch)
            if number == 1 { reply.users.removeLast() }
            return reply
        }
        #expect(sizes == [2, 1, 1])
        #expect(result.failedBatches == 0)
        #expect(result.settled == 2)
    }
}
