import Model
import RollCall
import Synchronization
import TestSupport
import Testing

@Suite struct RateLimitedClientTests {
    private let clock = StepClock()
    private let batch = IDBatch([Array("a".utf8)])

    private func pacing(_ inner: ScriptedClient, rate: Double, concurrency: Int) -> RateLimitedClient<
        ScriptedClient, StepClock
    > {
        RateLimitedClient(
            inner, rate: rate, concurrency: concurrency, policy: { RetryPolicy() }, clock: clock, random: { 0.5 })
    }

    @Test func `requests are sent when they get a token`() async throws {
        let clock = clock
        let times = Mutex<[Double]>([])
        let inner = ScriptedClient { (batch) async throws(RequestFailure) in
            times.withLock { $0.append(clock.now.offset / .seconds(1)) }
            return BatchReply(batch)
        }
        let pacing = pacing(inner, rate: 4, concurrency: 2)
        for _ in 0..<6 { #expect(try await pacing.fetch(batch) == BatchReply(batch)) }
        for (time, expected) in zip(times.withLock { $0 }, [0, 0, 0.25, 0.5, 0.75, 1]) {
            #expect(abs(time - expected) < 1e-6)
        }
        #expect(clock.sleeps.count == 4)
    }

    @Test func `without a rate no request waits`() async throws {
        let inner = ScriptedClient { (batch) async throws(RequestFailure) in BatchReply(batch) }
        let pacing = pacing(inner, rate: 0, concurrency: 1)
        for _ in 0..<50 { _ = try await pacing.fetch(batch) }
        #expect(clock.sleeps.isEmpty)
    }

    @Test func `every attempt of a retried request takes a token`() async throws {
        let asked = RecordedBatches()
        let inner = ScriptedClient { (batch) async throws(RequestFailure) in
            if asked.note(batch) < 4 { throw .timeout }
            return BatchReply(batch)
        }
        let retrying = RetryingClient(
            pacing(inner, rate: 1, concurrency: 1),
            loop: RetryLoop(clock: clock, decide: { _, _ in .retry(after: .zero) }))
        let reply = try await retrying.fetch(batch)
        #expect(reply.requestCounts.requests == 4)
        #expect(abs(clock.now.offset / .seconds(1) - 3) < 1e-6)
    }

    @Test func `a request that is cancelled while it waits was not sent`() async {
        let asked = RecordedBatches()
        let inner = ScriptedClient { (batch) async throws(RequestFailure) in
            asked.note(batch)
            return BatchReply(batch)
        }
        let pacing = pacing(inner, rate: 1, concurrency: 1)
        let batch = batch
        let failure = await Task { () async -> RequestFailure? in
            _ = try? await pacing.fetch(batch)
            withUnsafeCurrentTask { $0?.cancel() }
            do throws(RequestFailure) { _ = try await pacing.fetch(batch) } catch { return error }
            return nil
        }.value
        #expect(failure?.requestCounts.requests == 0)
        #expect(failure?.failureClass == .transient)
        #expect(asked.batches.count == 1)
    }

    @Test func `failures pass through`() async {
        let pacing = pacing(
            ScriptedClient { (_) async throws(RequestFailure) in throw .denied }, rate: 1, concurrency: 1)
        await #expect(throws: RequestFailure.denied) { try await pacing.fetch(batch) }
    }

    /// Eight requests wait for a place that one of them holds; they get it one after the other.
    @Test func `a request waits for another to end`() async throws {
        let inFlight = Mutex((now: 0, most: 0))
        let inner = ScriptedClient { (batch) async throws(RequestFailure) in
            inFlight.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
            for _ in 0..<20 { await Task.yield() }
            inFlight.withLock { $0.now -= 1 }
            return BatchReply(batch)
        }
        let pacing = pacing(inner, rate: 0, concurrency: 2)
        let batch = batch
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<40 { group.addTask { (try? await pacing.fetch(batch)) != nil } }
            for await answered in group { #expect(answered) }
        }
        #expect(inFlight.withLock { $0.most } == 2)
    }

    @Test func `a throttled reply makes all requests wait`() async throws {
        let asked = RecordedBatches()
        let inner = ScriptedClient { (batch) async throws(RequestFailure) in
            if asked.note(batch) == 1 { throw .throttled }
            return BatchReply(batch)
        }
        let pacing = pacing(inner, rate: 0, concurrency: 4)
        var decided = RequestFailure.throttled
        decided.pause = .milliseconds(1_500)
        await #expect(throws: decided) { try await pacing.fetch(batch) }
        _ = try await pacing.fetch(batch)
        // One second and half of another, and then the place at the rate that was cut.
        #expect(clock.now.offset >= .milliseconds(1_500))
    }

    /// Only full batches tell: of two ids both may well be put off.
    @Test(arguments: [(100, true, true), (100, false, false), (99, true, false)])
    func `full batches of tryLater count as throttling`(_ count: Int, _ all: Bool, _ waits: Bool) async throws {
        let inner = ScriptedClient { (batch) async throws(RequestFailure) in
            var reply = BatchReply(batch) { _ in 3 }
            if !all { reply.users[7].status = .online }
            return reply
        }
        let pacing = pacing(inner, rate: 0, concurrency: 1)
        let batch = IDBatch((0..<count).map { Array("id-\($0)".utf8) })
        for _ in 0..<5 { _ = try await pacing.fetch(batch) }
        #expect(clock.sleeps.isEmpty)
        _ = try await pacing.fetch(batch)
        #expect(clock.sleeps.isEmpty == !waits)
    }
}
