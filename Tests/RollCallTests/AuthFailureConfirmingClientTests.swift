import Model
import RollCall
import Synchronization
import TestSupport
import Testing

/// That no request can succeed is believed when the account is refused in the same way, or when nobody is answered any more.
@Suite struct AuthFailureConfirmingClientTests {
    private let clock = StepClock()
    private let batch = IDBatch([Array("a".utf8)])

    /// How the account is refused, and how often it was asked for.
    private final class Accounts: Sendable {
        private let left: Mutex<[FatalCause?]>
        init(_ refusals: [FatalCause?]) { left = Mutex(refusals) }
        func next() -> FatalCause? { left.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
        var isUsedUp: Bool { left.withLock { $0.isEmpty } }
    }

    private func confirming(
        _ accounts: [FatalCause?], _ inner: ScriptedClient
    ) -> (AuthFailureConfirmingClient<ScriptedClient, StepClock>, Accounts) {
        let accounts = Accounts(accounts)
        return (AuthFailureConfirmingClient(inner, clock: clock) { accounts.next() == $0 }, accounts)
    }

    private func failure(_ client: some OnlineStatusClient, _ batch: IDBatch? = nil) async -> RequestFailure? {
        do throws(RequestFailure) {
            _ = try await client.fetch(batch ?? self.batch)
            return nil
        } catch {
            return error
        }
    }

    private let refusing = ScriptedClient { (_) async throws(RequestFailure) in throw .denied }

    private static let redirected = RequestFailure(
        reason: .protocolError, failureClass: .fatal(.misconfigured), description: "redirected")

    @Test(arguments: [RequestFailure.denied, redirected])
    func `a refused account confirms the failure`(_ refusal: RequestFailure) async {
        guard case .fatal(let cause) = refusal.failureClass else { return }
        let (client, accounts) = confirming(
            [cause], ScriptedClient { (_) async throws(RequestFailure) in throw refusal })
        #expect(await failure(client) == refusal)
        #expect(accounts.isUsedUp)
        #expect(clock.sleeps.isEmpty)
    }

    @Test(arguments: [nil, .misconfigured, .protocolViolation] as [FatalCause?])
    func `another answer for the account makes the failure transient`(_ answer: FatalCause?) async {
        let (client, accounts) = confirming([answer], refusing)
        let failure = await failure(client)
        #expect(failure?.failureClass == .transient)
        #expect(failure?.reason == .api(2))
        #expect(failure?.requestCounts.requests == 1)
        #expect(accounts.isUsedUp)
    }

    private static let batches = (0..<6).map { IDBatch([Array("first \($0)".utf8), Array("second \($0)".utf8)]) }

    /// Five batches are refused, one of them for the fifth time: it is plain before the others have come to that.
    @Test func `a run in which no batch is ever answered ends early`() async {
        let (client, _) = confirming([], refusing)
        for batch in Self.batches.prefix(4) { #expect(await failure(client, batch)?.failureClass == .transient) }
        for _ in 0..<4 { #expect(await failure(client, Self.batches[0])?.failureClass == .transient) }
        let last = await failure(client, Self.batches[4])
        #expect(last?.failureClass == .fatal(.accessDenied))
        #expect(last?.description.hasSuffix("but the account request is answered") == true)
        #expect(await failure(client, Self.batches[5])?.requestCounts.requests == 0)
    }

    /// One batch that is refused for what it holds ends no run, however often it is tried.
    @Test func `one refused batch never ends the run`() async {
        let (client, _) = confirming([], refusing)
        for _ in 0..<40 {
            #expect(await failure(client, Self.batches[0])?.failureClass == .transient)
            clock.advance(by: .seconds(5))
        }
    }

    /// In seconds: how long nobody was answered, and whether that is the end.
    @Test(arguments: [(false, 19, false), (false, 20, true), (true, 39, false), (true, 40, true)])
    func `two batches that are refused for long end the run`(_ hasAnswered: Bool, _ seconds: Int, _ isEnd: Bool) async {
        let isGood = Mutex(hasAnswered)
        let inner = ScriptedClient { (batch) async throws(RequestFailure) in
            if isGood.withLock({ $0 }) { return BatchReply(batch) }
            throw .denied
        }
        let (client, _) = confirming([], inner)
        if hasAnswered { #expect(await failure(client) == nil) }
        isGood.withLock { $0 = false }
        for batch in [0, 1, 0, 1] { #expect(await failure(client, Self.batches[batch])?.failureClass == .transient) }
        clock.advance(by: .seconds(seconds))
        let last = await failure(client, Self.batches[0])
        #expect(last?.failureClass == (isEnd ? .fatal(.accessDenied) : .transient))
    }

    @Test func `an answer in between restarts the count`() async {
        let isGood = Mutex(false)
        let inner = ScriptedClient { (batch) async throws(RequestFailure) in
            if isGood.withLock({ $0 }) { return BatchReply(batch) }
            throw .denied
        }
        let (client, _) = confirming([], inner)
        for _ in 0..<5 {
            for batch in Self.batches.prefix(3) { #expect(await failure(client, batch)?.failureClass == .transient) }
            clock.advance(by: .seconds(30))
            isGood.withLock { $0 = true }
            #expect(await failure(client) == nil)
            isGood.withLock { $0 = false }
        }
    }

    /// Ids that made their batches fail are asked for alone in later passes, and nobody else is.
    @Test func `ids that are refused alone do not end the run`() async {
        let (client, _) = confirming([], refusing)
        for number in 0..<40 {
            var alone = IDBatch([Array("alone \(number % 8)".utf8)])
            alone.maxAttempts = 2
            #expect(await failure(client, alone)?.failureClass == .transient)
            clock.advance(by: .seconds(30))
        }
    }

    /// A list of one id has no other batch.
    @Test func `an only id that is refused five times ends the run`() async {
        let (client, _) = confirming([], refusing)
        for _ in 0..<4 { #expect(await failure(client)?.failureClass == .transient) }
        #expect(await failure(client)?.failureClass == .fatal(.accessDenied))
    }

    @Test(arguments: [RequestFailure.timeout, .throttled, .refused])
    func `other failures do not request the account`(_ other: RequestFailure) async {
        let (client, accounts) = confirming(
            [.accessDenied], ScriptedClient { (_) async throws(RequestFailure) in throw other })
        #expect(await failure(client) == other)
        #expect(!accounts.isUsedUp)
    }

    @Test func `after a confirmed refusal nothing is sent`() async {
        let asked = RecordedBatches()
        let (client, _) = confirming(
            [.accessDenied],
            ScriptedClient { (batch) async throws(RequestFailure) in
                asked.note(batch)
                throw .denied
            })
        _ = await failure(client)
        let second = await failure(client)
        #expect(second?.failureClass == .fatal(.accessDenied))
        #expect(second?.requestCounts.requests == 0)
        #expect(asked.batches.count == 1)
    }

    /// While the account is asked for, a request that comes waits.
    @Test func `all requests wait for the probe`() async {
        let asked = RecordedBatches()
        let (probes, probe) = AsyncStream.makeStream(of: Void.self)
        let (verdicts, verdict) = AsyncStream.makeStream(of: Void.self)
        let inner = ScriptedClient { (batch) async throws(RequestFailure) in
            if asked.note(batch) > 1 { return BatchReply(batch) }
            throw .denied
        }
        let client = AuthFailureConfirmingClient(inner, clock: clock) { _ in
            probe.yield()
            for await _ in verdicts { break }
            return false
        }
        let batch = Self.batches[0]
        await withTaskGroup(of: RequestFailure?.self) { group in
            group.addTask { await failure(client, batch) }
            for await _ in probes { break }
            for _ in 0..<7 { group.addTask { await failure(client, batch) } }
            for _ in 0..<1_000 { await Task.yield() }
            #expect(asked.batches.count == 1)
            verdict.yield()
            var handlings: [RequestFailure.FailureClass?] = []
            for await failure in group { handlings.append(failure?.failureClass) }
            #expect(handlings.count { $0 == nil } == 7)
            #expect(handlings.contains(.transient))
        }
        #expect(asked.batches.count == 8)
    }
}
