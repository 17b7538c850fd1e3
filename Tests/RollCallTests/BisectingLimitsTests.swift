import Model
import RollCall
import Synchronization
import TestSupport
import Testing

/// What refused batches teach about the server, over many of them.
@Suite struct BisectingLimitsTests {
    @Test(arguments: [99, 50, 49, 20, 3, 1])
    func `a server that accepts fewer ids gets smaller requests`(_ most: Int) async throws {
        let server = Poison(most: most)
        let bisecting = BatchBisectingClient(server)
        var requests = 0
        var afterTwo = 0
        for number in 0..<10 {
            let batch = IDBatch(number: number)
            let reply = try await bisecting.fetch(batch)
            #expect(reply.failures.isEmpty)
            #expect(reply.users.map { Array($0.id) } == batch.ids)
            #expect(reply.attempts(count: 100) == server.asked.carried(batch))
            requests += reply.requestCounts.requests
            if number == 1 { afterTwo = server.asked.batches.count }
        }
        #expect(requests == server.asked.batches.count)
        let later = server.asked.sizes[afterTwo...]
        #expect(later.allSatisfy { $0 <= most })
        // No request is smaller than it must be: halving stops at more than half of what is taken.
        #expect(later.count <= 8 * ((100 + most - 1) / most) * 2)
    }

    @Test func `a bad id is found in batches that are split for their size`() async throws {
        let bad = IDBatch(number: 5).ids[61]
        let server = Poison([bad], most: 50)
        let bisecting = BatchBisectingClient(server)
        for number in 0..<8 {
            let reply = try await bisecting.fetch(IDBatch(number: number))
            #expect(reply.failures == (number == 5 ? [61: .poison] : [:]))
            #expect(reply.users.count == (number == 5 ? 99 : 100))
            #expect(reply.attempts(count: 100) == server.asked.carried(IDBatch(number: number)))
        }
    }

    @Test(arguments: [1, 2, 3, 7])
    func `occasional bad ids do not make requests smaller`(_ every: Int) async throws {
        var random = SeededRandom(seed: 11)
        let batches = (0..<40).map { IDBatch(number: $0) }
        let bad = batches.enumerated().filter { $0.offset % every == 0 }
            .map { $0.element.ids[Int.random(in: 0..<100, using: &random)] }
        let server = Poison(bad)
        let bisecting = BatchBisectingClient(server)
        for batch in batches { _ = try await bisecting.fetch(batch) }
        #expect(server.asked.sizes.filter { $0 == 100 }.count == 40)
        for id in bad { #expect(server.asked.askedAlone(id)) }
    }

    @Test func `one refusal without a cause does not make requests smaller`() async throws {
        let asked = RecordedBatches()
        let server = ScriptedClient { (part) async throws(RequestFailure) in
            let number = asked.note(part)
            if part.count == 100, number % 2 == 1 { throw .refused }
            return BatchReply(part)
        }
        let bisecting = BatchBisectingClient(server)
        // Every other whole batch is refused, so that never two are in a row.
        for number in 0..<2 { _ = try await bisecting.fetch(IDBatch(number: 2 * number)) }
        #expect(asked.sizes == [100, 50, 50, 100])
        _ = try await bisecting.fetch(IDBatch(number: 9))
        #expect(asked.sizes == [100, 50, 50, 100, 100, 50, 50])
        _ = try await bisecting.fetch(IDBatch(number: 10))
        #expect(asked.sizes.last == 100)
    }

    /// Two refusals by chance, and one batch of the same size that is taken meanwhile.
    @Test func `refusals while others are accepted do not make requests smaller`() async throws {
        let isTaken = Mutex(false)
        let asked = RecordedBatches()
        let refused = [IDBatch(number: 0), IDBatch(number: 1)]
        let server = ScriptedClient { (part) async throws(RequestFailure) in
            asked.note(part)
            if refused.contains(part) { throw .refused }
            await eventually { part.count == 100 || isTaken.withLock { $0 } }
            return BatchReply(part)
        }
        let bisecting = BatchBisectingClient(server)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for batch in refused { group.addTask { _ = try await bisecting.fetch(batch) } }
            await eventually { asked.batches.count == 4 }
            _ = try await bisecting.fetch(IDBatch(number: 2))
            isTaken.withLock { $0 = true }
            try await group.waitForAll()
        }
        _ = try await bisecting.fetch(IDBatch(number: 3))
        #expect(asked.sizes.last == 100)
    }

    @Test func `a server that refuses everything fails the run after three batches`() async throws {
        let server = Poison(most: 0)
        let bisecting = BatchBisectingClient(server)
        var requests = 0
        for number in 0..<3 {
            let reply = try await bisecting.fetch(IDBatch(number: number))
            #expect(reply.failures.count == 100)
            #expect(reply.users.isEmpty)
            requests += reply.requestCounts.requests
        }
        #expect(requests == 3 * 199)
        #expect(server.asked.batches.count == requests)
        let failure = await #expect(throws: RequestFailure.self) { try await bisecting.fetch(IDBatch(number: 3)) }
        #expect(failure?.failureClass == .fatal(.protocolViolation))
        #expect(failure?.reason == .badData)
        #expect(failure?.requestCounts.requests == 1)
        #expect(server.asked.batches.count == requests + 1)
    }

    @Test func `a server that answered once does not refuse everything`() async throws {
        let good = IDBatch(number: 99, count: 1).ids
        let bad = (0..<5).flatMap { IDBatch(number: $0).ids }
        let server = Poison(bad)
        let bisecting = BatchBisectingClient(server)
        _ = try await bisecting.fetch(IDBatch(good))
        for number in 0..<5 {
            #expect(try await bisecting.fetch(IDBatch(number: number)).failures.count == 100)
        }
    }

    @Test(arguments: [0, 1, 2, 13, 14, 100, 333])
    func `parts are requested only up to the limit`(_ limit: Int) async throws {
        var random = SeededRandom(seed: UInt64(limit))
        let batches = (0..<30).map { IDBatch(number: $0) }
        let bad = Set(batches.flatMap { $0.ids.shuffled(using: &random).prefix(3) })
        var limits = BisectionLimits()
        limits.maxSplitRequests = limit
        let server = Poison(bad)
        let bisecting = BatchBisectingClient(server, limits: limits)
        var (requests, thrown, answered) = (0, 0, 0)
        for batch in batches {
            do {
                let reply = try await bisecting.fetch(batch)
                requests += reply.requestCounts.requests
                answered += reply.users.count
                #expect(reply.attempts(count: 100) == server.asked.carried(batch))
                #expect(reply.users.count + reply.failures.count == 100)
                for (place, failure) in reply.failures {
                    #expect(failure.reason == .badData)
                    #expect(failure.isFinal == server.asked.askedAlone(batch.ids[place]))
                    if failure.isFinal { #expect(bad.contains(batch.ids[place])) }
                }
            } catch {
                #expect(error == .refused)
                thrown += 1
                requests += error.requestCounts.requests
            }
        }
        #expect(server.asked.batches.count == requests)
        #expect(requests - 30 <= limit)
        #expect(requests - 30 >= limit - 1)
        #expect(thrown > 0)
        if limit >= 14 { #expect(answered > 0) }
    }
}
