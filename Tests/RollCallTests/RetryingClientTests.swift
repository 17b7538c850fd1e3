import Model
import RollCall
import Synchronization
import TestSupport
import Testing

@Suite struct RetryingClientTests {
    private let clock = StepClock()
    private let batch = IDBatch([Array("a".utf8)])

    /// Fails as the list says and then answers.
    private func failing(_ failures: [RequestFailure], _ asked: RecordedBatches) -> ScriptedClient {
        ScriptedClient { (batch) async throws(RequestFailure) in
            let number = asked.note(batch)
            if number <= failures.count { throw failures[number - 1] }
            return BatchReply(batch)
        }
    }

    /// Retries with the greatest waits.
    private func retrying(_ inner: some OnlineStatusClient) -> some OnlineStatusClient {
        RetryingClient(
            inner,
            loop: RetryLoop(clock: clock, decide: { RetryPolicy().decision(on: $0, after: $1, random: 1) }))
    }

    @Test func `a good reply is not requested again`() async throws {
        let asked = RecordedBatches()
        let reply = try await retrying(failing([], asked)).fetch(batch)
        #expect(reply == BatchReply(batch))
        #expect(reply.requestCounts.requests == 1)
        #expect(asked.batches == [batch.ids])
        #expect(clock.sleeps.isEmpty)
    }

    @Test func `the counts of all attempts add up`() async throws {
        let asked = RecordedBatches()
        let reply = try await retrying(failing([.timeout, .throttled, .throttled, .timeout], asked)).fetch(batch)
        #expect(reply.users == BatchReply(batch).users)
        #expect(reply.requestCounts.requests == 5)
        #expect(reply.requestCounts.throttled == 2)
        #expect(asked.batches == Array(repeating: batch.ids, count: 5))
        #expect(clock.sleeps == [.milliseconds(500), .seconds(2), .seconds(3), .seconds(1)])
    }

    @Test func `the last failure is thrown when the attempts are used up`() async throws {
        let asked = RecordedBatches()
        let last = RequestFailure(reason: .http(502), failureClass: .transient, description: "bad gateway")
        let error = await #expect(throws: RequestFailure.self) {
            try await retrying(failing([.timeout, .throttled, .timeout, .timeout, .timeout, .timeout, last], asked))
                .fetch(batch)
        }
        #expect(error?.reason == .http(502))
        #expect(error?.description == "bad gateway")
        // Six that failed in passing, and one that was throttled and costs no attempt.
        #expect(error?.requestCounts.requests == 7)
        #expect(error?.requestCounts.throttled == 1)
        #expect(asked.batches.count == 7)
        #expect(clock.sleeps.count == 6)
    }

    @Test(arguments: [RequestFailure.refused, .denied])
    func `a permanent failure is not retried`(_ failure: RequestFailure) async {
        let asked = RecordedBatches()
        await #expect(throws: failure) { try await retrying(failing([failure], asked)).fetch(batch) }
        #expect(asked.batches.count == 1)
        #expect(clock.sleeps.isEmpty)
    }

    @Test func `a permanent failure ends the attempts`() async {
        let asked = RecordedBatches()
        let error = await #expect(throws: RequestFailure.self) {
            try await retrying(failing([.timeout, .timeout, .denied], asked)).fetch(batch)
        }
        #expect(error?.failureClass == .fatal(.accessDenied))
        #expect(error?.requestCounts.requests == 3)
        #expect(asked.batches.count == 3)
    }

    @Test func `a cancelled task does not retry`() async {
        let asked = RecordedBatches()
        let cancelling = ScriptedClient { (batch) async throws(RequestFailure) in
            if asked.note(batch) == 2 { withUnsafeCurrentTask { $0?.cancel() } }
            throw .timeout
        }
        let client = retrying(cancelling)
        let batch = batch
        let result = await Task { () async -> Result<BatchReply, RequestFailure> in
            do throws(RequestFailure) { return .success(try await client.fetch(batch)) } catch {
                return .failure(error)
            }
        }.value
        #expect(asked.batches.count == 2)
        #expect(throws: RequestFailure.self) { try result.get() }
        guard case .failure(let failure) = result else { return }
        #expect(failure.reason == .timeout)
        #expect(failure.requestCounts.requests == 2)
        #expect(clock.sleeps == [.milliseconds(500)])
    }

    @Test func `the loop passes the number of failures to the policy`() async throws {
        let decided = Mutex<[Int]>([])
        let retried = Mutex<[Int]>([])
        let loop = RetryLoop(
            clock: clock,
            decide: { _, tries in
                decided.withLock { $0.append(tries.total) }
                return tries.total < 4 ? .retry(after: .seconds(tries.total)) : .stop
            }, willRetry: { _, tries in retried.withLock { $0.append(tries.total) } })
        var spent = RequestCounts()
        spent.requests = 10
        await #expect(throws: RequestFailure.timeout) {
            try await loop.run(spent: &spent) { () async throws(RequestFailure) -> Int in throw .timeout }
        }
        #expect(decided.withLock { $0 } == [1, 2, 3, 4])
        #expect(retried.withLock { $0 } == [1, 2, 3])
        #expect(clock.sleeps == [.seconds(1), .seconds(2), .seconds(3)])
        #expect(spent.requests == 14)
    }

    @Test func `a wait that is too long stops the run`() async throws {
        var failure = RequestFailure.throttled
        failure.retryAfter = .seconds(3_600)
        let asked = RecordedBatches()
        let error = await #expect(throws: RequestFailure.self) {
            try await retrying(failing([failure], asked)).fetch(batch)
        }
        #expect(error?.failureClass == .fatal(.temporary))
        #expect(error?.description.contains("3600 seconds") == true)
        #expect(asked.batches.count == 1)
        #expect(clock.sleeps.isEmpty)
    }
}
