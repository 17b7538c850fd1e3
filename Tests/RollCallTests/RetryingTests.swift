import Model
import RollCall
import Synchronization
import TestSupport
import Testing

@Suite struct RetryingTests {
    private let clock = StepClock()
    private let batch = IDBatch([Array("a".utf8)])

    /// Fails as the list says and then answers.
    private func failing(_ failures: [RequestFailure], _ asked: Asked) -> Script {
        Script { (batch) async throws(RequestFailure) in
            let number = asked.note(batch)
            if number <= failures.count { throw failures[number - 1] }
            return OnlineReply(batch)
        }
    }

    /// Retries with the greatest waits.
    private func retrying(_ inner: some Asking) -> some Asking {
        Retrying(
            inner,
            loop: RetryLoop(clock: clock, decide: { RetryPolicy().verdict(on: $0, after: $1, random: 1) }))
    }

    @Test func aGoodAnswerIsNotAskedForAgain() async throws {
        let asked = Asked()
        let reply = try await retrying(failing([], asked)).ask(batch)
        #expect(reply == OnlineReply(batch))
        #expect(reply.effort.requests == 1)
        #expect(asked.batches == [batch.ids])
        #expect(clock.sleeps.isEmpty)
    }

    @Test func theEffortOfAllTriesAddsUp() async throws {
        let asked = Asked()
        let reply = try await retrying(failing([.timeout, .throttled, .throttled, .timeout], asked)).ask(batch)
        #expect(reply.users == OnlineReply(batch).users)
        #expect(reply.effort.requests == 5)
        #expect(reply.effort.throttled == 2)
        #expect(asked.batches == Array(repeating: batch.ids, count: 5))
        #expect(clock.sleeps == [.milliseconds(500), .seconds(2), .seconds(3), .seconds(1)])
    }

    @Test func theLastFailureIsThrownWhenTheTriesAreUsedUp() async throws {
        let asked = Asked()
        let last = RequestFailure(reason: .http(502), handling: .transient, description: "bad gateway")
        let error = await #expect(throws: RequestFailure.self) {
            try await retrying(failing([.timeout, .throttled, .timeout, .timeout, .timeout, .timeout, last], asked))
                .ask(batch)
        }
        #expect(error?.reason == .http(502))
        #expect(error?.description == "bad gateway")
        // Six that failed in passing, and one that was throttled and costs no attempt.
        #expect(error?.effort.requests == 7)
        #expect(error?.effort.throttled == 1)
        #expect(asked.batches.count == 7)
        #expect(clock.sleeps.count == 6)
    }

    @Test(arguments: [RequestFailure.refused, .denied])
    func whatNoRepetitionMendsIsNotRepeated(_ failure: RequestFailure) async {
        let asked = Asked()
        await #expect(throws: failure) { try await retrying(failing([failure], asked)).ask(batch) }
        #expect(asked.batches.count == 1)
        #expect(clock.sleeps.isEmpty)
    }

    @Test func aFailureThatNothingMendsEndsTheTries() async {
        let asked = Asked()
        let error = await #expect(throws: RequestFailure.self) {
            try await retrying(failing([.timeout, .timeout, .denied], asked)).ask(batch)
        }
        #expect(error?.handling == .fatal(.accessDenied))
        #expect(error?.effort.requests == 3)
        #expect(asked.batches.count == 3)
    }

    @Test func aCancelledTaskDoesNotTryAgain() async {
        let asked = Asked()
        let cancelling = Script { (batch) async throws(RequestFailure) in
            if asked.note(batch) == 2 { withUnsafeCurrentTask { $0?.cancel() } }
            throw .timeout
        }
        let asking = retrying(cancelling)
        let batch = batch
        let result = await Task { () async -> Result<OnlineReply, RequestFailure> in
            do throws(RequestFailure) { return .success(try await asking.ask(batch)) } catch { return .failure(error) }
        }.value
        #expect(asked.batches.count == 2)
        #expect(throws: RequestFailure.self) { try result.get() }
        guard case .failure(let failure) = result else { return }
        #expect(failure.reason == .timeout)
        #expect(failure.effort.requests == 2)
        #expect(clock.sleeps == [.milliseconds(500)])
    }

    @Test func theLoopTellsThePolicyHowOftenItFailed() async throws {
        let decided = Mutex<[Int]>([])
        let retried = Mutex<[Int]>([])
        let loop = RetryLoop(
            clock: clock,
            decide: { _, tries in
                decided.withLock { $0.append(tries.total) }
                return tries.total < 4 ? .again(after: .seconds(tries.total)) : .giveUp
            }, willRetry: { _, tries in retried.withLock { $0.append(tries.total) } })
        var spent = RequestEffort()
        spent.requests = 10
        await #expect(throws: RequestFailure.timeout) {
            try await loop.run(spent: &spent) { () async throws(RequestFailure) -> Int in throw .timeout }
        }
        #expect(decided.withLock { $0 } == [1, 2, 3, 4])
        #expect(retried.withLock { $0 } == [1, 2, 3])
        #expect(clock.sleeps == [.seconds(1), .seconds(2), .seconds(3)])
        #expect(spent.requests == 14)
    }

    @Test func aWaitThatIsTooLongStopsTheRun() async throws {
        var failure = RequestFailure.throttled
        failure.retryAfter = .seconds(3_600)
        let asked = Asked()
        let error = await #expect(throws: RequestFailure.self) {
            try await retrying(failing([failure], asked)).ask(batch)
        }
        #expect(error?.handling == .fatal(.temporary))
        #expect(error?.description.contains("3600 seconds") == true)
        #expect(asked.batches.count == 1)
        #expect(clock.sleeps.isEmpty)
    }
}
