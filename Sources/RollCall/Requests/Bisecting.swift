package import Model
import Synchronization

/// Takes a refused batch apart, half by half, until the ids that spoil it stand alone and the others are answered.
///
/// An id that alone in a request is answered `badData` is proven to be refused, and is not asked for again. Where halves
/// are taken of what was refused whole, and none of them holds such an id, the size is what the server refuses: then
/// batches are cut to the size it takes for the rest of the run.
package final class Bisecting<Inner: Asking>: Asking {
    private let inner: Inner
    private let limits: BisectionLimits
    private let budget: PartBudget
    private let state = Mutex(State())

    private struct State {
        /// The most ids in a request that the server is known to take.
        var size = IDBatch.limit
        /// Whole batches that were refused at one size and answered at half of it, one after the other.
        var sizeRefusals = 0
        /// Batches of that size that were answered, each of which says that it is not the size.
        var wholeAnswers = 0
        /// Batches in which not one id was accepted, before any was.
        var hopelessBatches = 0
        var hasSucceeded = false
    }

    /// `budget`: requests for parts of batches; with nil, as many as the limits say.
    package init(_ inner: Inner, limits: BisectionLimits = BisectionLimits(), budget: PartBudget? = nil) {
        self.inner = inner
        self.limits = limits
        self.budget = budget ?? PartBudget(limits.extraRequests)
    }

    package func ask(_ batch: IDBatch) async throws(RequestFailure) -> OnlineReply {
        let size = state.withLock { $0.size }
        guard batch.count > size else { return try await askWhole(batch, ofFull: batch.count == size) }
        // The server takes no more than this: that is known, and no fault of the batch.
        return try await askParts(
            batch, cuts: Array(stride(from: 0, to: batch.count, by: size)) + [batch.count], spent: 0, ofFull: true)
    }

    /// Asks for a batch at once, and for its parts if it is refused.
    ///
    /// `ofFull`: whether it is, or is part of, a batch as large as they are; a small one tells nothing of sizes.
    private func askWhole(_ batch: IDBatch, ofFull: Bool) async throws(RequestFailure) -> OnlineReply {
        let refusal: RequestFailure
        let wholeAnswers = state.withLock { $0.wholeAnswers }
        do {
            let reply = try await inner.ask(batch)
            state.withLock { state in
                state.hasSucceeded = true
                guard batch.count >= state.size else { return }
                state.sizeRefusals = 0
                state.wholeAnswers += 1
            }
            return reply
        } catch {
            guard error.handling == .batchRefused else { throw error }
            refusal = error
        }
        guard batch.count > 1 else {
            return OnlineReply(lone: refusal, isFinal: refusal.reason == .badData)
        }
        let isHopeless = state.withLock { !$0.hasSucceeded && $0.hopelessBatches >= limits.hopelessBatches }
        guard !isHopeless, budget.spend(2) else { throw refused(refusal) }
        var reply: OnlineReply
        do {
            reply = try await askParts(
                batch, cuts: [0, (batch.count + 1) / 2, batch.count], spent: refusal.effort.requests, ofFull: ofFull)
        } catch {
            throw error.after(refusal.effort)
        }
        reply.effort += refusal.effort
        learn(from: reply, of: batch, refusal, ofFull: ofFull, since: wholeAnswers)
        return reply
    }

    /// Asks for the parts between the cuts, one after the other, and joins what they bring.
    private func askParts(
        _ batch: IDBatch,
        cuts: [Int],
        spent: Int,
        ofFull: Bool
    ) async throws(RequestFailure) -> OnlineReply {
        var whole: OnlineReply?
        for (start, end) in zip(cuts, cuts.dropFirst()) {
            var part: OnlineReply
            do {
                part = try await askWhole(batch.part(start..<end), ofFull: ofFull)
            } catch {
                if case .fatal = error.handling { throw whole.map { error.after($0.effort) } ?? error }
                // The other parts are not lost with this one.
                part = OnlineReply(failed: error, count: end - start)
            }
            let attempts = (0..<end - start).map { part.attempts(at: $0) + spent }
            guard var joined = whole else {
                part.attempts = attempts
                whole = part
                continue
            }
            joined.users += part.users
            joined.receivedAt = max(joined.receivedAt, part.receivedAt)
            joined.effort += part.effort
            joined.attempts += attempts
            for (place, failure) in part.failures { joined.failures[place + start] = failure }
            whole = joined
        }
        return whole ?? OnlineReply(users: [], receivedAt: Timestamp(milliseconds: 0))
    }

    /// What a refused batch tells when its parts were asked for.
    ///
    /// `wholeAnswers`: those that there were before it.
    private func learn(
        from reply: OnlineReply,
        of batch: IDBatch,
        _ refusal: RequestFailure,
        ofFull: Bool,
        since wholeAnswers: Int
    ) {
        state.withLock { state in
            if reply.failures.isEmpty {
                guard ofFull, state.wholeAnswers == wholeAnswers else { return }
                state.sizeRefusals += 1
                if state.sizeRefusals >= limits.sizeRefusals { state.size = min(state.size, (batch.count + 1) / 2) }
            } else {
                state.sizeRefusals = 0
            }
            let wasRefusedToTheLast =
                reply.failures.count == batch.count && reply.failures.values.allSatisfy { $0.reason == refusal.reason }
            if batch.count > IDBatch.limit / 2, wasRefusedToTheLast { state.hopelessBatches += 1 }
        }
    }

    /// The refusal, fatal if the server has refused everything so far.
    private func refused(_ refusal: RequestFailure) -> RequestFailure {
        guard state.withLock({ !$0.hasSucceeded && $0.hopelessBatches >= limits.hopelessBatches }) else {
            return refusal
        }
        var fatal = refusal
        fatal.handling = .fatal(.nonsense)
        fatal.description = "the API refuses every request, whatever ids are in it: " + refusal.description
        return fatal
    }
}

/// How far refused batches are taken apart in one run.
package struct BisectionLimits: Sendable {
    /// Requests for parts of batches, over the whole run.
    package var extraRequests = 1_000
    /// Batches that were refused whole and accepted in halves before the size is held to be the cause.
    package var sizeRefusals = 2
    /// Batches refused to the last id, with none accepted, before the API is held to refuse everything.
    package var hopelessBatches = 3

    package init() {}
}

extension OnlineReply {
    /// What is known of an id that was refused alone in a request.
    fileprivate init(lone refusal: RequestFailure, isFinal: Bool) {
        self.init(users: [], receivedAt: Timestamp(milliseconds: 0))
        effort = refusal.effort
        failures = [0: PartFailure(reason: refusal.reason, isFinal: isFinal, wasAlone: !isFinal)]
    }

    /// What is known of the ids of a part that brought no answer.
    fileprivate init(failed failure: RequestFailure, count: Int) {
        self.init(users: [], receivedAt: Timestamp(milliseconds: 0))
        effort = failure.effort
        for place in 0..<count { failures[place] = PartFailure(reason: failure.reason, isFinal: false) }
    }
}

extension RequestFailure {
    /// The failure with what was spent on the batch before it.
    func after(_ earlier: RequestEffort) -> RequestFailure {
        var failure = self
        failure.effort += earlier
        return failure
    }
}
