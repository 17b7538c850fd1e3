import Model
import RollCall
import Synchronization
import TestSupport
import Testing

/// Whatever comes back in whatever order, no id gets another id's status.
@Suite struct ReplyAttributionTests {
    /// Viber on its worst day.
    private struct Chaos: Sendable {
        let truth: [[UInt8]: Int64]
        let ids: [[UInt8]]

        /// A wrong status for an id, as a stranger's would be.
        func lie(_ id: [UInt8]) -> Int64 { (truth[id] ?? 0) == 4 ? 0 : 4 }

        func users(_ batch: IDBatch, asked: IDBatch, _ random: inout SeededRandom) -> [BatchReply.User] {
            var users: [BatchReply.User] = []
            for id in batch.ids {
                let status = truth[id]
                switch Int.random(in: 0..<100, using: &random) {
                case 0..<5: break
                case 5..<10: users.append(.init(id, 3))
                case 10..<12: users.append(.init(id, 99))
                case 12..<14: users.append(.init(id, nil))
                case 14..<18: users += [.init(id, status), .init(id, status)]
                case 18..<20: users += [.init(id, status), .init(id, lie(id))]
                case 20..<23:
                    let stranger = Array(String(decoding: id, as: UTF8.self).uppercased().utf8)
                    users += [.init(id, status), .init(stranger, lie(id))]
                case 23..<26:
                    let other = ids[Int.random(in: 0..<ids.count, using: &random)]
                    users.append(.init(id, status))
                    if !batch.ids.contains(other), !asked.ids.contains(other) { users.append(.init(other, lie(other))) }
                default: users.append(.init(id, status))
                }
            }
            return Bool.random(using: &random) ? users.shuffled(using: &random) : users
        }
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func `no answer reaches a wrong id`(_ seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let ids = (0..<730).map { number in
            Array("id-\(number)-\(UInt32.random(in: 0...(.max), using: &random))".utf8)
        }
        var truth: [[UInt8]: Int64] = [:]
        for id in ids { truth[id] = [0, 1, 2, 4].randomElement(using: &random) }
        let (chaos, expected) = (Chaos(truth: truth, ids: ids), truth)
        let state = Mutex((random: random, last: IDBatch()))
        let client = ScriptedClient { (batch) async throws(RequestFailure) in
            let (draw, users, patience) = state.withLock { state in
                let draw = Int.random(in: 0..<12, using: &state.random)
                // Now and then the answer to another request comes back, with its ids and statuses.
                let users = chaos.users(draw == 0 ? state.last : batch, asked: batch, &state.random)
                state.last = batch
                return (draw, users, Int.random(in: 0..<30, using: &state.random))
            }
            for _ in 0..<patience { await Task.yield() }
            if draw == 1 { throw .timeout }
            return BatchReply(users: users, receivedAt: Timestamp(milliseconds: 1_000))
        }
        try await withTemporaryDirectory { directory in
            let work = try Work(ids, in: directory)
            let result = try await work.run(
                client, concurrency: 6, settle: [.seconds(1), .seconds(1), .seconds(1), .seconds(1)])
            var counts = Counts()
            for (id, entry) in zip(ids, try work.entries()) {
                counts.add(entry.outcome)
                #expect(entry.attempts > 0)
                guard case .answered(let answer) = entry.outcome else { continue }
                #expect(
                    [3, 99, expected[id]].contains(answer.status.rawValue), "\(String(decoding: id, as: UTF8.self))")
            }
            #expect(counts.total == ids.count)
            #expect(counts.notAsked == 0)
            #expect(counts.total - counts.unresolved == result.settled)
            #expect(result.settled > 650)
            #expect(result.api.extraUsers > 0)
            #expect(result.api.duplicateUsers > 0)
        }
    }
}
