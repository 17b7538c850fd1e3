import Model
import RollCall
import Synchronization
import TestSupport
import Testing

/// A refused token is believed when the account is refused, too, twice.
@Suite struct ConfirmingTests {
    private let clock = StepClock()
    private let batch = IDBatch([Array("a".utf8)])

    /// Answers of the account, `true` for refused, and how many were taken.
    private final class Accounts: Sendable {
        private let left: Mutex<[Bool]>
        init(_ refused: [Bool]) { left = Mutex(refused) }
        func next() -> Bool { left.withLock { $0.isEmpty ? false : $0.removeFirst() } }
        var isUsedUp: Bool { left.withLock { $0.isEmpty } }
    }

    private func confirming(_ accounts: [Bool], _ inner: Script) -> (Confirming<Script, StepClock>, Accounts) {
        let accounts = Accounts(accounts)
        return (Confirming(inner, clock: clock) { accounts.next() }, accounts)
    }

    private func failure(_ asking: some Asking) async -> RequestFailure? {
        do throws(RequestFailure) {
            _ = try await asking.ask(batch)
            return nil
        } catch {
            return error
        }
    }

    private let refusing = Script { (_) async throws(RequestFailure) in throw .denied }

    @Test func anAccountThatIsRefusedTwiceConfirmsIt() async {
        let (asking, accounts) = confirming([true, true], refusing)
        #expect(await failure(asking) == .denied)
        #expect(accounts.isUsedUp)
        #expect(clock.sleeps == [.seconds(5)])
    }

    @Test(arguments: [[false], [true, false]])
    func anAccountThatIsGivenMakesItAStumble(_ answers: [Bool]) async {
        let (asking, accounts) = confirming(answers, refusing)
        let failure = await failure(asking)
        #expect(failure?.handling == .transient)
        #expect(failure?.reason == .api(2))
        #expect(failure?.effort.requests == 1)
        #expect(accounts.isUsedUp)
        #expect(clock.sleeps.count == answers.count - 1)
    }

    @Test(arguments: [RequestFailure.timeout, .throttled, .refused])
    func otherFailuresAskForNoAccount(_ other: RequestFailure) async {
        let (asking, accounts) = confirming([true], Script { (_) async throws(RequestFailure) in throw other })
        #expect(await failure(asking) == other)
        #expect(!accounts.isUsedUp)
    }

    @Test func afterAConfirmedRefusalNothingIsSent() async {
        let asked = Asked()
        let (asking, _) = confirming(
            [true, true],
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

    /// While the account is asked for, a request that comes waits, and all that were refused share the verdict.
    @Test func everybodyWaitsForTheVerdict() async {
        let asked = Asked()
        let isGood = Mutex(false)
        let sentWhileProbing = Mutex(0)
        let isProbing = Mutex(false)
        let probes = Mutex(0)
        let inner = Script { (batch) async throws(RequestFailure) in
            if isProbing.withLock({ $0 }) { sentWhileProbing.withLock { $0 += 1 } }
            asked.note(batch)
            for _ in 0..<10 { await Task.yield() }
            if isGood.withLock({ $0 }) { return OnlineReply(batch) }
            throw .denied
        }
        let asking = Confirming(inner, clock: clock) {
            // Those that were sent before come back first.
            for _ in 0..<100 { await Task.yield() }
            isProbing.withLock { $0 = true }
            for _ in 0..<200 { await Task.yield() }
            probes.withLock { $0 += 1 }
            isGood.withLock { $0 = true }
            isProbing.withLock { $0 = false }
            return false
        }
        let batch = batch
        await withTaskGroup(of: RequestFailure.Handling?.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    do throws(RequestFailure) { _ = try await asking.ask(batch) } catch { return error.handling }
                    return nil
                }
            }
            for await handling in group { #expect(handling == nil || handling == .transient) }
        }
        #expect(sentWhileProbing.withLock { $0 } == 0)
        #expect(probes.withLock { $0 } <= 8)
        #expect(asked.batches.count == 8)
    }

    @Test func aRunThatIsStoppedDoesNotWaitForTheSecondQuestion() async {
        let accounts = Accounts([true, true])
        let asking = Confirming(refusing, clock: clock) {
            withUnsafeCurrentTask { $0?.cancel() }
            return accounts.next()
        }
        let batch = batch
        let failure = await Task { () async -> RequestFailure? in
            do throws(RequestFailure) { _ = try await asking.ask(batch) } catch { return error }
            return nil
        }.value
        #expect(failure?.handling == .transient)
        #expect(!accounts.isUsedUp)
    }
}
