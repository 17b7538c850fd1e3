import Journal
import Model
import Synchronization
import TestSupport
import Testing

@testable import RollCall

/// One id that makes each of its requests fail, in whatever way, costs no other id its answer.
@Suite struct FailureIsolatingClientTests {
    private let clock = StepClock()

    /// The stack as a run has it, from taking batches apart to retrying, over a script.
    private func stack(
        _ inner: ScriptedClient, budget: SplitBudget = SplitBudget(), batches: InFlightBatches = InFlightBatches()
    ) -> some OnlineStatusClient {
        let loop = RetryLoop(
            clock: clock, answers: { batches.answers },
            decide: { failure, tries in
                RetryPolicy(maySplit: batches.maySplitOnTrial)
                    .decision(on: failure, after: tries, random: 0.5)
            })
        return FailureIsolatingClient(
            BatchBisectingClient(RetryingClient(inner, loop: loop), budget: budget), batches: batches, budget: budget)
    }

    private static func id(_ number: Int) -> [UInt8] { Array("id-\(number)".utf8) }

    private static let ids = (0..<300).map(id)

    /// Ways to fail: for a moment, by a connection, by client for fewer requests, and for good.
    private static let failures: [RequestFailure] = [
        .timeout, .throttled, .refused,
        RequestFailure(reason: .http(500), failureClass: .transient, description: "HTTP 500"),
        RequestFailure(reason: .connection, failureClass: .transient, description: "reset"),
        RequestFailure(reason: .connection, failureClass: .stale, description: "closed"),
        RequestFailure(reason: .protocolError, failureClass: .transient, description: "cut JSON"),
        RequestFailure(reason: .api(999), failureClass: .transient, description: "status 999"),
    ]

    private func with(_ ids: [[UInt8]], _ body: (Work) async throws -> Void) async throws {
        try await withTemporaryDirectory { try await body(Work(ids, in: $0)) }
    }

    private static func poisoned(_ bad: Set<Int>, _ failure: RequestFailure, _ asked: RecordedBatches) -> ScriptedClient
    {
        let bad = Set(bad.map(id))
        return ScriptedClient { (batch) async throws(RequestFailure) in
            // A run that does not end is no run to wait for.
            guard asked.note(batch) < 5_000 else { throw .denied }
            if batch.ids.contains(where: bad.contains) { throw failure }
            return BatchReply(batch)
        }
    }

    @Test(arguments: failures) func `one failing id costs no other`(_ failure: RequestFailure) async throws {
        for place in [0, 1, 49, 50, 99, 150, 299] {
            try await with(Self.ids) { work in
                let asked = RecordedBatches()
                let result = try await work.run(
                    stack(Self.poisoned([place], failure, asked)), settle: [.seconds(30), .seconds(120)], clock: clock)
                #expect(result.interruption == nil)
                #expect(result.failedBatches == 0)
                #expect(result.failedAlone == (failure == .refused ? 0 : 1))
                let entries = try work.entries()
                #expect(entries.indices.filter { !entries[$0].outcome.isDefinite } == [place])
                #expect(entries[place].outcome == .failed(failure.reason))
                // Each part of its batch that was not tried again: at most two for each of seven halvings.
                let parts = Set(asked.batches.filter { $0.count < 100 && $0.count > 1 }).count
                #expect(parts + 2 <= 14)
                // Later passes ask for it alone, and twice.
                let alone = asked.batches.count { $0 == [Self.id(place)] }
                #expect(alone <= 5)
            }
        }
    }

    @Test func `several failing ids are isolated`() async throws {
        let bad: Set = [0, 3, 7, 98, 99, 100, 101, 102, 250]
        for failure in Self.failures where failure != .refused {
            try await with(Self.ids) { work in
                let asked = RecordedBatches()
                _ = try await work.run(
                    stack(Self.poisoned(bad, failure, asked)), settle: [.seconds(30), .seconds(120)], clock: clock)
                let entries = try work.entries()
                #expect(Set(entries.indices.filter { !entries[$0].outcome.isDefinite }) == bad)
            }
        }
    }

    /// A list of one batch has no other that shows that the API answers; its own parts do.
    @Test(arguments: [1, 2, 5, 100]) func `a list of one batch is split too`(_ count: Int) async throws {
        for failure in Self.failures where failure.failureClass != .throttled {
            try await with(Array(Self.ids.prefix(count))) { work in
                let asked = RecordedBatches()
                _ = try await work.run(stack(Self.poisoned([0], failure, asked)), settle: [.seconds(30)], clock: clock)
                let entries = try work.entries()
                #expect(entries.indices.filter { !entries[$0].outcome.isDefinite } == [0])
            }
        }
    }

    /// Then nothing is gained by more requests.
    @Test func `an API that always fails gets few requests for parts`() async throws {
        try await with((0..<2_000).map(Self.id)) { work in
            let asked = RecordedBatches()
            let inner = ScriptedClient { (batch) async throws(RequestFailure) in
                asked.note(batch)
                throw .timeout
            }
            let result = try await work.run(stack(inner), concurrency: 1, clock: clock)
            #expect(result.failedBatches == 20)
            #expect(asked.sizes.count { $0 < 100 } <= 14)
            #expect(try work.entries().allSatisfy { $0.outcome == .failed(.timeout) })
        }
    }

    /// What the API asks for is done: a list of one batch, or of one id, waits until it is answered.
    @Test(arguments: [1, 100]) func `a run waits while every request is throttled`(_ count: Int) async throws {
        try await with(Array(Self.ids.prefix(count))) { work in
            let asked = RecordedBatches()
            let inner = ScriptedClient { (batch) async throws(RequestFailure) in
                if asked.note(batch) < 40 { throw .throttled }
                return BatchReply(batch)
            }
            let result = try await work.run(stack(inner), clock: clock)
            #expect(result.settled == count)
            #expect(asked.sizes.count { $0 < count } <= 14)
            let carried = asked.batches.count { $0.contains(Self.id(0)) }
            #expect(try work.entries()[0].attempts == carried)
        }
    }

    /// Nobody is told of a failed batch whose parts were all answered.
    @Test func `a batch whose parts are all answered has not failed`() async throws {
        try await with(Array(Self.ids.prefix(100))) { work in
            let inner = ScriptedClient { (batch) async throws(RequestFailure) in
                if batch.count == 100 { throw .timeout }
                return BatchReply(batch)
            }
            let result = try await work.run(stack(inner), clock: clock)
            #expect(result.settled == 100)
            #expect(result.failedBatches == 0 && result.failedAlone == 0 && result.lastFailure == nil)
        }
    }

    /// A batch is refused as a whole, and then each of its ids fails alone: nothing was answered.
    @Test func `a reply with only failures is not an answer`() async throws {
        try await with(Array(Self.ids.prefix(8))) { work in
            let batches = InFlightBatches()
            let inner = ScriptedClient { (batch) async throws(RequestFailure) in
                throw batch.count > 1 ? .refused : .timeout
            }
            _ = try await work.run(stack(inner, batches: batches), clock: clock)
            #expect(batches.answers == 0)
        }
    }

    /// Others were answered: it is the id in the last batch that is throttled, and the run ends.
    @Test func `a throttled last id does not keep the run from ending`() async throws {
        try await with(Array(Self.ids.prefix(101))) { work in
            let asked = RecordedBatches()
            let result = try await work.run(
                stack(Self.poisoned([100], .throttled, asked)), settle: [.seconds(30)], clock: clock)
            #expect(result.interruption == nil && result.settled == 100)
            #expect(asked.batches.count <= 1 + 6 + 6)
        }
    }

    /// A part that fails in another way than its batch did fails by chance, and is asked for as any batch is.
    @Test func `a part that fails for another reason is retried`() async throws {
        try await with(Array(Self.ids.prefix(100))) { work in
            let asked = RecordedBatches()
            let inner = ScriptedClient { (batch) async throws(RequestFailure) in
                let number = asked.note(batch)
                if batch.ids.contains(Self.id(99)) {
                    throw RequestFailure(reason: .http(500), failureClass: .transient, description: "HTTP 500")
                }
                // The first tries of all parts.
                if number % 2 == 1 { throw .timeout }
                return BatchReply(batch)
            }
            _ = try await work.run(stack(inner), clock: clock)
            let entries = try work.entries()
            #expect(entries.indices.filter { !entries[$0].outcome.isDefinite } == [99])
        }
    }

    /// Two ids that are refused in two ways are no server that refuses everybody.
    @Test func `two kinds of refusal do not end the run`() async throws {
        let redirected = RequestFailure(
            reason: .protocolError, failureClass: .fatal(.misconfigured), description: "redirected")
        for places in [(0, 50), (49, 99), (0, 1)] {
            try await with(Array(Self.ids.prefix(100))) { work in
                let inner = ScriptedClient { (batch) async throws(RequestFailure) in
                    if batch.ids.contains(Self.id(places.0)) { throw .denied }
                    if batch.ids.contains(Self.id(places.1)) { throw redirected }
                    return BatchReply(batch)
                }
                let confirming = AuthFailureConfirmingClient(inner, clock: clock) { _ in false }
                let script = ScriptedClient { (batch) async throws(RequestFailure) in try await confirming.fetch(batch)
                }
                let result = try await work.run(stack(script), settle: [.seconds(30)], clock: clock)
                #expect(result.interruption == nil)
                let entries = try work.entries()
                #expect(Set(entries.indices.filter { !entries[$0].outcome.isDefinite }) == [places.0, places.1])
            }
        }
    }

    @Test func `the budget is shared with bisecting`() async throws {
        try await with(Self.ids) { work in
            let asked = RecordedBatches()
            _ = try await work.run(
                stack(Self.poisoned([150], .timeout, asked), budget: SplitBudget(5)), clock: clock)
            #expect(asked.sizes.count { $0 < 100 } == 5)
            let entries = try work.entries()
            // Without more requests the rest of the batch has failed as it did.
            #expect(entries.indices.filter { !entries[$0].outcome.isDefinite }.allSatisfy { (100..<200).contains($0) })
            #expect(entries[150].outcome == .failed(.timeout))
        }
    }

    /// What ends a run ends it in the middle of taking a batch apart, too.
    @Test func `a fatal failure of a part ends the run`() async throws {
        try await with(Array(Self.ids.prefix(100))) { work in
            let inner = ScriptedClient { (batch) async throws(RequestFailure) in
                throw batch.count == 100 ? .timeout : .denied
            }
            let result = try await work.run(stack(inner), clock: clock)
            #expect(result.stopped?.failureClass == .fatal(.accessDenied))
        }
    }

    /// As often as requests carried it.
    @Test func `attempts are counted for each id`() async throws {
        try await with(Self.ids) { work in
            let asked = RecordedBatches()
            let result = try await work.run(
                stack(Self.poisoned([150], .timeout, asked)), settle: [.seconds(30)], clock: clock)
            let entries = try work.entries()
            for number in entries.indices {
                let carried = asked.batches.count { $0.contains(Self.id(number)) }
                #expect(entries[number].attempts == carried, "id \(number)")
            }
            #expect(result.api.requests == asked.batches.count)
        }
    }
}
