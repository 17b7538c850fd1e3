import Model
import RollCall
import Synchronization
import TestSupport
import Testing

/// How many requests are under way at a time, and how they stop.
@Suite struct WindowTests {
    private struct Flight {
        var now = 0
        var most = 0
        var total = 0
    }

    @Test(arguments: [1, 2, 8, 64])
    func `as many requests are in flight as allowed and never more`(_ concurrency: Int) async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 100 * (concurrency * 3 + 1), in: directory)
            let flight = Mutex(Flight())
            let client = ScriptedClient { (batch) async throws(RequestFailure) in
                flight.withLock {
                    $0.now += 1
                    $0.total += 1
                    $0.most = max($0.most, $0.now)
                }
                // Stays until the window is full, and a little longer, so that one request too many would be seen.
                await eventually { flight.withLock { $0.most >= concurrency } }
                for _ in 0..<20 { await Task.yield() }
                flight.withLock { $0.now -= 1 }
                return BatchReply(batch)
            }
            let result = try await work.run(client, concurrency: concurrency)
            #expect(flight.withLock { $0.most } == concurrency)
            #expect(flight.withLock { $0.total } == concurrency * 3 + 1)
            #expect(result.settled == work.ids.count)
        }
    }

    @Test(arguments: [0, -5])
    func `the window is never less than one`(_ concurrency: Int) async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 3, in: directory)
            let client = ScriptedClient { (batch) async throws(RequestFailure) in BatchReply(batch) }
            #expect(try await work.run(client, concurrency: concurrency).settled == 3)
        }
    }

    @Test func `a fatal failure ends the run and keeps the answers`() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 1_000, in: directory)
            let asked = RecordedBatches()
            let client = ScriptedClient { (batch) async throws(RequestFailure) in
                if asked.note(batch) == 3 { throw .denied }
                return BatchReply(batch)
            }
            let clock = StepClock()
            let result = try await work.run(client, settle: [.seconds(30)], clock: clock)
            #expect(asked.batches.count == 3)
            #expect(result.stopped == .denied)
            #expect(result.passes == 1)
            #expect(result.settled == 200)
            #expect(clock.sleeps.isEmpty)
            let outcomes = try work.outcomes()
            #expect(outcomes[..<200].allSatisfy { $0 == .answered(StatusAnswer(0)) })
            #expect(outcomes[200..<300].allSatisfy { $0 == .failed(.api(2)) })
            #expect(outcomes[300...].allSatisfy { $0 == .notAsked })
        }
    }

    @Test func `answers in flight are kept when the run stops`() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 1_000, in: directory)
            let asked = RecordedBatches()
            let hasStopped = Mutex(false)
            let client = ScriptedClient { (batch) async throws(RequestFailure) in
                asked.note(batch)
                if batch.ids.first == work.ids.first {
                    await eventually { asked.batches.count == 4 }
                    throw .denied
                }
                await eventually { hasStopped.withLock { $0 } }
                return BatchReply(batch)
            }
            let result = try await work.run(client, concurrency: 4, settle: [.seconds(30)]) { _ in
                hasStopped.withLock { $0 = true }
            }
            #expect(asked.batches.count == 4)
            #expect(result.stopped == .denied)
            #expect(result.settled == 300)
            let outcomes = try work.outcomes()
            #expect(outcomes[..<100].allSatisfy { $0 == .failed(.api(2)) })
            #expect(outcomes[100..<400].allSatisfy { $0 == .answered(StatusAnswer(0)) })
            #expect(outcomes[400...].allSatisfy { $0 == .notAsked })
        }
    }

    @Test func `one failed request does not disturb the others`() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 800, in: directory)
            let client = ScriptedClient { (batch) async throws(RequestFailure) in
                if batch.ids.first == work.ids[300] { throw .refused }
                for _ in 0..<10 { await Task.yield() }
                if Task.isCancelled { throw .timeout }
                return BatchReply(batch)
            }
            let result = try await work.run(client, concurrency: 8)
            #expect(result.stopped == nil)
            #expect(result.settled == 700)
            let outcomes = try work.outcomes()
            #expect(outcomes[300..<400].allSatisfy { $0 == .failed(.badData) })
        }
    }
}
