import Model
import RollCall
import TestSupport
import Testing

/// Ids that Viber refuses, in a whole run.
@Suite struct BisectedRunTests {
    @Test(arguments: [0, 4_567, 9_999], [1, 4])
    func `one bad id among ten thousand is the only one missing`(_ place: Int, _ concurrency: Int) async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 10_000, in: directory)
            let bad = work.ids[place]
            let server = Poison([bad])
            let clock = StepClock()
            let result = try await work.run(
                BatchBisectingClient(server), concurrency: concurrency, settle: [.seconds(30), .seconds(120)],
                clock: clock)
            #expect(clock.sleeps.isEmpty)
            #expect(result.passes == 1)
            #expect(result.settled == 10_000)
            #expect(result.stopped == nil)
            #expect(result.failedBatches == 0)
            #expect(result.api.requests == server.asked.batches.count)
            #expect(result.api.requests <= 114)
            let carried = server.asked.carried(IDBatch(work.ids))
            for (index, entry) in try work.entries().enumerated() {
                let outcome: Outcome = index == place ? .failed(.badData) : .answered(StatusAnswer(0))
                let expected = IDState(outcome: outcome, attempts: carried[index], isFinal: index == place)
                guard entry == expected else {
                    Issue.record("id \(index) is \(entry), not \(expected)")
                    return
                }
            }
        }
    }

    @Test func `later passes do not request the bad id again`() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 1_000, in: directory)
            let (bad, slow) = (work.ids[321], work.ids[654])
            let server = Poison([bad])
            let client = ScriptedClient { (batch) async throws(RequestFailure) in
                _ = try await server.fetch(batch)
                return BatchReply(batch) { $0 == slow ? 3 : 1 }
            }
            let clock = StepClock()
            let result = try await work.run(
                BatchBisectingClient(client), settle: [.seconds(30), .seconds(120)], clock: clock)
            #expect(clock.sleeps == [.seconds(30), .seconds(120)])
            #expect(result.passes == 3)
            #expect(result.settled == 999)
            #expect(server.asked.batches.suffix(2) == [[slow], [slow]])
            let entries = try work.entries()
            #expect(entries[321].outcome == .failed(.badData))
            #expect(entries[321].isFinal)
            #expect(entries[321].attempts == server.asked.carried(IDBatch([bad]))[0])
            #expect(entries[654] == IDState(outcome: .answered(StatusAnswer(3)), attempts: 3))
        }
    }

    @Test func `an id refused without proof is requested again`() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 300, in: directory)
            let refusal = RequestFailure(reason: .missingData, failureClass: .batchRefused, description: "no")
            let server = Poison([work.ids[123]], refusal: refusal)
            let clock = StepClock()
            let result = try await work.run(BatchBisectingClient(server), settle: [.seconds(30)], clock: clock)
            #expect(clock.sleeps == [.seconds(30)])
            #expect(result.settled == 299)
            #expect(server.asked.batches.last == [work.ids[123]])
            #expect(try work.outcomes()[123] == .failed(.missingData))
        }
    }

    @Test func `a server that refuses everything stops the run`() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 1_000, in: directory)
            let server = Poison(most: 0)
            let clock = StepClock()
            let result = try await work.run(BatchBisectingClient(server), settle: [.seconds(30)], clock: clock)
            #expect(result.stopped?.failureClass == .fatal(.protocolViolation))
            #expect(result.api.requests == server.asked.batches.count)
            #expect(result.api.requests == 3 * 199 + 1)
            #expect(clock.sleeps.isEmpty)
            #expect(try work.outcomes().suffix(600).allSatisfy { $0 == .notAsked })
        }
    }

    @Test func `every request is counted when the token is refused half way`() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 300, in: directory)
            let server = Poison([work.ids[170]])
            let client = ScriptedClient { (batch) async throws(RequestFailure) in
                guard server.asked.batches.count < 5 else {
                    server.asked.note(batch)
                    throw .denied
                }
                return try await server.fetch(batch)
            }
            let result = try await work.run(BatchBisectingClient(client), settle: [.seconds(30)])
            #expect(result.stopped?.failureClass == .fatal(.accessDenied))
            #expect(server.asked.batches.count == 6)
            #expect(result.api.requests == 6)
            #expect(try work.outcomes().suffix(100).allSatisfy { $0 == .notAsked })
        }
    }

    @Test func `a deferred id that is then refused is settled once`() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 3, in: directory)
            let bad = work.ids[1]
            let asked = RecordedBatches()
            let client = ScriptedClient { (batch) async throws(RequestFailure) in
                if asked.note(batch) > 1, batch.ids.contains(bad) { throw .refused }
                return BatchReply(batch) { $0 == work.ids[0] ? 1 : 3 }
            }
            let result = try await work.run(
                BatchBisectingClient(client), settle: [.seconds(1), .seconds(1), .seconds(1)])
            let entries = try work.entries()
            #expect(result.passes == 4)
            #expect(result.settled == 2)
            #expect(entries[1] == IDState(outcome: .answered(StatusAnswer(3)), attempts: 3, isFinal: true))
            #expect(asked.batches.suffix(2) == [[work.ids[2]], [work.ids[2]]])
        }
    }
}
