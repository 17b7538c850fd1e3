import Model
import RollCall
import Synchronization
import TestSupport
import Testing

@Suite struct PacingTests {
    private let clock = StepClock()
    private let batch = IDBatch([Array("a".utf8)])

    @Test func requestsAreSentWhenTheirPlaceHasCome() async throws {
        let clock = clock
        let times = Mutex<[Double]>([])
        let inner = Script { (batch) async throws(RequestFailure) in
            times.withLock { $0.append(clock.now.offset / .seconds(1)) }
            return OnlineReply(batch)
        }
        let pacing = Pacing(inner, rate: 4, burst: 2, clock: clock)
        for _ in 0..<6 { #expect(try await pacing.ask(batch) == OnlineReply(batch)) }
        for (time, expected) in zip(times.withLock { $0 }, [0, 0, 0.25, 0.5, 0.75, 1]) {
            #expect(abs(time - expected) < 1e-6)
        }
        #expect(clock.sleeps.count == 4)
    }

    @Test func noRateNeverWaits() async throws {
        let pacing = Pacing(
            Script { (batch) async throws(RequestFailure) in OnlineReply(batch) }, rate: 0, burst: 1, clock: clock)
        for _ in 0..<50 { _ = try await pacing.ask(batch) }
        #expect(clock.sleeps.isEmpty)
    }

    @Test func everyTryOfARetriedRequestTakesAPlace() async throws {
        let asked = Asked()
        let inner = Script { (batch) async throws(RequestFailure) in
            if asked.note(batch) < 4 { throw .timeout }
            return OnlineReply(batch)
        }
        let retrying = Retrying(
            Pacing(inner, rate: 1, burst: 1, clock: clock), loop: RetryLoop(clock: clock) { _, _ in .zero })
        let reply = try await retrying.ask(batch)
        #expect(reply.effort.requests == 4)
        #expect(abs(clock.now.offset / .seconds(1) - 3) < 1e-6)
    }

    @Test func aRequestThatIsCancelledWhileItWaitsWasNotSent() async {
        let asked = Asked()
        let inner = Script { (batch) async throws(RequestFailure) in
            asked.note(batch)
            return OnlineReply(batch)
        }
        let pacing = Pacing(inner, rate: 1, burst: 1, clock: clock)
        let batch = batch
        let failure = await Task { () async -> RequestFailure? in
            _ = try? await pacing.ask(batch)
            withUnsafeCurrentTask { $0?.cancel() }
            do throws(RequestFailure) { _ = try await pacing.ask(batch) } catch { return error }
            return nil
        }.value
        #expect(failure?.effort.requests == 0)
        #expect(failure?.handling == .transient)
        #expect(asked.batches.count == 1)
    }

    @Test func failuresPassThrough() async {
        let pacing = Pacing(
            Script { (_) async throws(RequestFailure) in throw .denied }, rate: 1, burst: 1, clock: clock)
        await #expect(throws: RequestFailure.denied) { try await pacing.ask(batch) }
    }
}
