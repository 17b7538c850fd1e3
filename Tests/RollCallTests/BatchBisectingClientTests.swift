import Model
import RollCall
import Synchronization
import TestSupport
import Testing

/// What becomes of one batch that is refused.
@Suite struct BatchBisectingClientTests {
    private let batch = IDBatch(number: 0)

    @Test(arguments: 0..<100)
    func `one bad id is isolated and the others are answered`(_ place: Int) async throws {
        let server = Poison([batch.ids[place]])
        let reply = try await BatchBisectingClient(server).fetch(batch)
        #expect(reply.failures == [place: .poison])
        var others = batch.ids
        others.remove(at: place)
        #expect(reply.users.map { Array($0.id) } == others)
        #expect(server.asked.batches.count <= 15)
        #expect(server.asked.askedAlone(batch.ids[place]))
        #expect(reply.requestCounts.requests == server.asked.batches.count)
        #expect(reply.attempts(count: 100) == server.asked.carried(batch))
    }

    @Test func `a batch without a bad id is one request`() async throws {
        let server = Poison()
        let reply = try await BatchBisectingClient(server).fetch(batch)
        #expect(reply == BatchReply(batch))
        #expect(server.asked.sizes == [100])
    }

    @Test(arguments: 0..<80 as Range<UInt64>)
    func `any number of bad ids is isolated`(_ seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let count = seed % 2 == 0 ? 100 : Int.random(in: 1...100, using: &random)
        let batch = IDBatch(number: 0, count: count)
        let bad = seed % 10 == 0 ? count : Int.random(in: 0...min(count, 12), using: &random)
        let places = Set((0..<count).shuffled(using: &random).prefix(bad))
        let server = Poison(places.map { batch.ids[$0] })
        let reply = try await BatchBisectingClient(server).fetch(batch)
        #expect(reply.failures == Dictionary(uniqueKeysWithValues: places.map { ($0, .poison) }))
        #expect(reply.users.map { Array($0.id) } == (0..<count).filter { !places.contains($0) }.map { batch.ids[$0] })
        #expect(server.asked.batches.count <= min(1 + 14 * bad, 2 * count - 1))
        #expect(reply.requestCounts.requests == server.asked.batches.count)
        #expect(reply.attempts(count: count) == server.asked.carried(batch))
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func `a part without an answer affects only its own ids`(_ seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let places = Array((0..<100).shuffled(using: &random).prefix(2))
        let (bad, ill) = (batch.ids[places[0]], batch.ids[places[1]])
        let asked = RecordedBatches()
        let lost = Mutex<[[UInt8]]>([])
        let server = ScriptedClient { (part) async throws(RequestFailure) in
            asked.note(part)
            if part.ids.contains(bad) { throw .refused }
            guard part.ids.contains(ill) else { return BatchReply(part) }
            asked.note(part)
            asked.note(part)
            lost.withLock { $0 += part.ids }
            var failure = RequestFailure.throttled
            failure.requestCounts.requests = 3
            failure.requestCounts.throttled = 2
            throw failure
        }
        let reply = try await BatchBisectingClient(server).fetch(batch)
        let lostIDs = lost.withLock { $0 }
        #expect(!lostIDs.isEmpty)
        for (place, id) in batch.ids.enumerated() {
            let expected: BatchReply.PartFailure? =
                id == bad ? .poison : lostIDs.contains(id) ? .init(reason: .api(12), isFinal: false) : nil
            #expect(reply.failures[place] == expected)
        }
        #expect(reply.users.map { Array($0.id) } == batch.ids.filter { $0 != bad && !lostIDs.contains($0) })
        #expect(reply.requestCounts.requests == asked.batches.count)
        #expect(reply.requestCounts.throttled == 2)
        #expect(reply.attempts(count: 100) == asked.carried(batch))
    }

    @Test(arguments: 2...8)
    func `a fatal failure of a part ends the batch`(_ number: Int) async throws {
        let asked = RecordedBatches()
        let bad = batch.ids[40]
        let server = ScriptedClient { (part) async throws(RequestFailure) in
            if asked.note(part) == number { throw .denied }
            if part.ids.contains(bad) { throw .refused }
            return BatchReply(part)
        }
        let failure = await #expect(throws: RequestFailure.self) { try await BatchBisectingClient(server).fetch(batch) }
        #expect(failure?.failureClass == .fatal(.accessDenied))
        #expect(failure?.reason == .api(2))
        #expect(failure?.requestCounts.requests == number)
        #expect(asked.batches.count == number)
    }

    @Test func `a fatal failure of a part counts the requests before it`() async throws {
        let server = Poison(most: 50)
        let isOver = Mutex(false)
        let bisecting = BatchBisectingClient(
            ScriptedClient { (part) async throws(RequestFailure) in
                if isOver.withLock({ $0 }), server.asked.sizes.last == 50 {
                    server.asked.note(part)
                    throw .denied
                }
                return try await server.fetch(part)
            })
        for number in 1...2 { _ = try await bisecting.fetch(IDBatch(number: number)) }
        let before = server.asked.batches.count
        _ = try await bisecting.fetch(IDBatch(number: 3, count: 20))
        isOver.withLock { $0 = true }
        let failure = await #expect(throws: RequestFailure.self) { try await bisecting.fetch(batch) }
        #expect(failure?.failureClass == .fatal(.accessDenied))
        #expect(server.asked.sizes.suffix(3) == [20, 50, 50])
        #expect(server.asked.batches.count == before + 3)
        #expect(failure?.requestCounts.requests == 2)
    }

    @Test(arguments: [RequestFailure.timeout, .throttled, .denied])
    func `a failure that is not a refusal passes through`(_ failure: RequestFailure) async throws {
        let asked = RecordedBatches()
        let server = ScriptedClient { (part) async throws(RequestFailure) in
            asked.note(part)
            throw failure
        }
        let thrown = await #expect(throws: RequestFailure.self) { try await BatchBisectingClient(server).fetch(batch) }
        #expect(thrown == failure)
        #expect(asked.sizes == [100])
    }

    @Test(arguments: [FailureReason.missingData, .http(413), .http(400), .api(5)])
    func `only bad data is final`(_ reason: FailureReason) async throws {
        let refusal = RequestFailure(reason: reason, failureClass: .batchRefused, description: "no")
        let server = Poison([batch.ids[77]], refusal: refusal)
        let reply = try await BatchBisectingClient(server).fetch(batch)
        #expect(reply.failures == [77: .init(reason: reason, isFinal: false, wasAlone: true)])
        #expect(reply.users.count == 99)
    }

    @Test func `an id refused alone is final at once`() async throws {
        let lone = IDBatch(number: 0, count: 1)
        let server = Poison(lone.ids)
        let reply = try await BatchBisectingClient(server).fetch(lone)
        #expect(reply.failures == [0: .poison])
        #expect(reply.users.isEmpty)
        #expect(reply.attempts(count: 1) == [1])
        #expect(server.asked.sizes == [1])
    }

    @Test func `a joined reply has the time of its last part`() async throws {
        let asked = RecordedBatches()
        let server = ScriptedClient { (part) async throws(RequestFailure) in
            let number = asked.note(part)
            if part.count == 100 { throw .refused }
            var reply = BatchReply(part)
            reply.receivedAt = Timestamp(milliseconds: Int64(number) * 1_000)
            return reply
        }
        let reply = try await BatchBisectingClient(server).fetch(batch)
        #expect(asked.sizes == [100, 50, 50])
        #expect(reply.receivedAt == Timestamp(milliseconds: 3_000))
    }
}
