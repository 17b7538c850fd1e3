import Model
import RollCall
import Synchronization
import TestSupport
import Testing

/// That no request can succeed is believed when the account is refused in the same way, or when nobody is answered any more.
@Suite struct ConfirmingTests {
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
        _ accounts: [FatalCause?], _ inner: Script
    ) -> (Confirming<Script, StepClock>, Accounts) {
        let accounts = Accounts(accounts)
        return (Confirming(inner, clock: clock) { accounts.next() == $0 }, accounts)
    }

    private func failure(_ asking: some Asking, _ batch: IDBatch? = nil) async -> RequestFailure? {
        do throws(RequestFailure) {
            _ = try await asking.ask(batch ?? self.batch)
            return nil
        } catch {
            return error
        }
    }

    private let refusing = Script { (_) async throws(RequestFailure) in throw .denied }

    private static let redirected = RequestFailure(
        reason: .protocolError, handling: .fatal(.misconfigured), description: "redirected")

    @Test(arguments: [RequestFailure.denied, redirected])
    func anAccountThatIsRefusedInTheSameWayConfirmsIt(_ refusal: RequestFailure) async {
        guard case .fatal(let cause) = refusal.handling else { return }
        let (asking, accounts) = confirming([cause], Script { (_) async throws(RequestFailure) in throw refusal })
        #expect(await failure(asking) == refusal)
        #expect(accounts.isUsedUp)
        #expect(clock.sleeps.isEmpty)
    }

    @Test(arguments: [nil, .misconfigured, .nonsense] as [FatalCause?])
    func anotherAnswerForTheAccountMakesItAStumble(_ answer: FatalCause?) async {
        let (asking, accounts) = confirming([answer], refusing)
        let failure = await failure(asking)
        #expect(failure?.handling == .transient)
        #expect(failure?.reason == .api(2))
        #expect(failure?.effort.requests == 1)
        #expect(accounts.isUsedUp)
    }

    private static let batches = (0..<6).map { IDBatch([Array("first \($0)".utf8), Array("second \($0)".utf8)]) }

    /// Five batches are refused, one of them for the fifth time: it is plain before the others have come to that.
    @Test func whenNobodyIsEverAnsweredItIsPlainSoon() async {
        let (asking, _) = confirming([], refusing)
        for batch in Self.batches.prefix(4) { #expect(await failure(asking, batch)?.handling == .transient) }
        for _ in 0..<4 { #expect(await failure(asking, Self.batches[0])?.handling == .transient) }
        let last = await failure(asking, Self.batches[4])
        #expect(last?.handling == .fatal(.accessDenied))
        #expect(last?.description.hasSuffix("though the account is answered") == true)
        #expect(await failure(asking, Self.batches[5])?.effort.requests == 0)
    }

    /// One batch that is refused for what it holds ends no run, however often it is tried.
    @Test func oneBatchThatIsRefusedIsAStumbleForEver() async {
        let (asking, _) = confirming([], refusing)
        for _ in 0..<40 {
            #expect(await failure(asking, Self.batches[0])?.handling == .transient)
            clock.advance(by: .seconds(5))
        }
    }

    /// In seconds: how long nobody was answered, and whether that is the end.
    @Test(arguments: [(false, 19, false), (false, 20, true), (true, 39, false), (true, 40, true)])
    func twoBatchesThatAreRefusedForLongAreTheEnd(_ hasAnswered: Bool, _ seconds: Int, _ isEnd: Bool) async {
        let isGood = Mutex(hasAnswered)
        let inner = Script { (batch) async throws(RequestFailure) in
            if isGood.withLock({ $0 }) { return OnlineReply(batch) }
            throw .denied
        }
        let (asking, _) = confirming([], inner)
        if hasAnswered { #expect(await failure(asking) == nil) }
        isGood.withLock { $0 = false }
        for batch in [0, 1, 0, 1] { #expect(await failure(asking, Self.batches[batch])?.handling == .transient) }
        clock.advance(by: .seconds(seconds))
        let last = await failure(asking, Self.batches[0])
        #expect(last?.handling == (isEnd ? .fatal(.accessDenied) : .transient))
    }

    @Test func anAnswerInBetweenBeginsTheCountAnew() async {
        let isGood = Mutex(false)
        let inner = Script { (batch) async throws(RequestFailure) in
            if isGood.withLock({ $0 }) { return OnlineReply(batch) }
            throw .denied
        }
        let (asking, _) = confirming([], inner)
        for _ in 0..<5 {
            for batch in Self.batches.prefix(3) { #expect(await failure(asking, batch)?.handling == .transient) }
            clock.advance(by: .seconds(30))
            isGood.withLock { $0 = true }
            #expect(await failure(asking) == nil)
            isGood.withLock { $0 = false }
        }
    }

    /// Ids that made their batches fail are asked for alone in later passes, and nobody else is.
    @Test func idsThatAreRefusedAloneAreNoEndOfTheRun() async {
        let (asking, _) = confirming([], refusing)
        for number in 0..<40 {
            var alone = IDBatch([Array("alone \(number % 8)".utf8)])
            alone.mostTries = 2
            #expect(await failure(asking, alone)?.handling == .transient)
            clock.advance(by: .seconds(30))
        }
    }

    /// A list of one id has no other batch.
    @Test func theOnlyIDThatIsRefusedFiveTimesIsTheEnd() async {
        let (asking, _) = confirming([], refusing)
        for _ in 0..<4 { #expect(await failure(asking)?.handling == .transient) }
        #expect(await failure(asking)?.handling == .fatal(.accessDenied))
    }

    @Test(arguments: [RequestFailure.timeout, .throttled, .refused])
    func otherFailuresAskForNoAccount(_ other: RequestFailure) async {
        let (asking, accounts) = confirming([.accessDenied], Script { (_) async throws(RequestFailure) in throw other })
        #expect(await failure(asking) == other)
        #expect(!accounts.isUsedUp)
    }

    @Test func afterAConfirmedRefusalNothingIsSent() async {
        let asked = Asked()
        let (asking, _) = confirming(
            [.accessDenied],
            Script { (batch) async throws(RequestFailure) in
                asked.note(batch)
                throw .denied
            })
        _ = await failure(asking)
        let second = await failure(asking)
        #expect(second?.handling == .fatal(.accessDenied))
        #expect(second?.effort.requests == 0)
        #expect(asked.batches.count == 1)
    }

    /// While the account is asked for, a request that comes waits.
    @Test func everybodyWaitsForTheVerdict() async {
        let asked = Asked()
        let (probes, probe) = AsyncStream.makeStream(of: Void.self)
        let (verdicts, verdict) = AsyncStream.makeStream(of: Void.self)
        let inner = Script { (batch) async throws(RequestFailure) in
            if asked.note(batch) > 1 { return OnlineReply(batch) }
            throw .denied
        }
        let asking = Confirming(inner, clock: clock) { _ in
            probe.yield()
            for await _ in verdicts { break }
            return false
        }
        let batch = Self.batches[0]
        await withTaskGroup(of: RequestFailure?.self) { group in
            group.addTask { await failure(asking, batch) }
            for await _ in probes { break }
            for _ in 0..<7 { group.addTask { await failure(asking, batch) } }
            for _ in 0..<1_000 { await Task.yield() }
            #expect(asked.batches.count == 1)
            verdict.yield()
            var handlings: [RequestFailure.Handling?] = []
            for await failure in group { handlings.append(failure?.handling) }
            #expect(handlings.count { $0 == nil } == 7)
            #expect(handlings.contains(.transient))
        }
        #expect(asked.batches.count == 8)
    }
}
