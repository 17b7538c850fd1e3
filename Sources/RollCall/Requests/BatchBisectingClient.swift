package import Model
import Synchronization

/// Takes a refused batch apart, half by half, until the ids that spoil it stand alone and the others are answered.
///
/// An id that alone in a request is answered `badData` is proven to be refused, and is not asked for again. Where halves
/// are taken of what was refused whole, and none of them holds such an id, the size is what the server refuses: then
/// batches are cut to the size it takes for the rest of the run.
package final class BatchBisectingClient<Inner: OnlineStatusClient>: OnlineStatusClient {
    private let inner: Inner
    private let limits: BisectionLimits
    private let budget: SplitBudget
    private let state = Mutex(State())

    private struct State {
        /// The most ids in a request that the server is known to take.
        var size = IDBatch.limit
        /// Whole batches that were refused at one size and answered at half of it, one after the other.
        var sizeRejections = 0
        /// Batches of that size that were answered, each of which says that it is not the size.
        var fullSizeReplies = 0
        /// Batches in which not one id was accepted, before any was.
        var fullyRejectedBatches = 0
        var hasSucceeded = false
    }

    /// `budget`: requests for parts of batches; with nil, as many as the limits say.
    package init(_ inner: Inner, limits: BisectionLimits = BisectionLimits(), budget: SplitBudget? = nil) {
        self.inner = inner
        self.limits = limits
        self.budget = budget ?? SplitBudget(limits.splitRequests)
    }

    package func fetch(_ batch: IDBatch) async throws(RequestFailure) -> BatchReply {
        let size = state.withLock { $0.size }
        guard batch.count > size else { return try await fetchWhole(batch, isFullSize: batch.count == size) }
        // The server takes no more than this: that is known, and no fault of the batch.
        return try await fetchParts(
            batch, cuts: Array(stride(from: 0, to: batch.count, by: size)) + [batch.count], spent: 0, isFullSize: true)
    }

    /// Asks for a batch at once, and for its parts if it is refused.
    ///
    /// `isFullSize`: whether it is, or is part of, a batch as large as they are; a small one tells nothing of sizes.
    private func fetchWhole(_ batch: IDBatch, isFullSize: Bool) async throws(RequestFailure) -> BatchReply {
        let refusal: RequestFailure
        let fullSizeReplies = state.withLock { $0.fullSizeReplies }
        do {
            let reply = try await inner.fetch(batch)
            state.withLock { state in
                state.hasSucceeded = true
                guard batch.count >= state.size else { return }
                state.sizeRejections = 0
                state.fullSizeReplies += 1
            }
            return reply
        } catch {
            guard error.failureClass == .batchRefused else { throw error }
            refusal = error
        }
        guard batch.count > 1 else {
            return BatchReply(lone: refusal, isFinal: refusal.reason == .badData)
        }
        let isFullyRejected = state.withLock {
            !$0.hasSucceeded && $0.fullyRejectedBatches >= limits.fullyRejectedBatches
        }
        guard !isFullyRejected, budget.spend(2) else { throw refused(refusal) }
        var reply: BatchReply
        do {
            reply = try await fetchParts(
                batch, cuts: [0, (batch.count + 1) / 2, batch.count], spent: refusal.requestCounts.requests,
                isFullSize: isFullSize)
        } catch {
            throw error.after(refusal.requestCounts)
        }
        reply.requestCounts += refusal.requestCounts
        learn(from: reply, of: batch, refusal, isFullSize: isFullSize, since: fullSizeReplies)
        return reply
    }

    /// Asks for the parts between the cuts, one after the other, and joins what they bring.
    private func fetchParts(
        _ batch: IDBatch,
        cuts: [Int],
        spent: Int,
        isFullSize: Bool
    ) async throws(RequestFailure) -> BatchReply {
        var whole: BatchReply?
        for (start, end) in zip(cuts, cuts.dropFirst()) {
            var part: BatchReply
            do {
                part = try await fetchWhole(batch.part(start..<end), isFullSize: isFullSize)
            } catch {
                if case .fatal = error.failureClass { throw whole.map { error.after($0.requestCounts) } ?? error }
                // The other parts are not lost with this one.
                part = BatchReply(failed: error, count: end - start)
            }
            let attempts = (0..<end - start).map { part.attempts(at: $0) + spent }
            guard var joined = whole else {
                part.attempts = attempts
                whole = part
                continue
            }
            joined.users += part.users
            joined.receivedAt = max(joined.receivedAt, part.receivedAt)
            joined.requestCounts += part.requestCounts
            joined.attempts += attempts
            for (place, failure) in part.failures { joined.failures[place + start] = failure }
            whole = joined
        }
        return whole ?? BatchReply(users: [], receivedAt: Timestamp(milliseconds: 0))
    }

    /// What a refused batch tells when its parts were asked for.
    ///
    /// `fullSizeReplies`: those that there were before it.
    private func learn(
        from reply: BatchReply,
        of batch: IDBatch,
        _ refusal: RequestFailure,
        isFullSize: Bool,
        since fullSizeReplies: Int
    ) {
        state.withLock { state in
            if reply.failures.isEmpty {
                guard isFullSize, state.fullSizeReplies == fullSizeReplies else { return }
                state.sizeRejections += 1
                if state.sizeRejections >= limits.sizeRejections { state.size = min(state.size, (batch.count + 1) / 2) }
            } else {
                state.sizeRejections = 0
            }
            let wasFullyRejected =
                reply.failures.count == batch.count && reply.failures.values.allSatisfy { $0.reason == refusal.reason }
            if batch.count > IDBatch.limit / 2, wasFullyRejected { state.fullyRejectedBatches += 1 }
        }
    }

    /// The refusal, fatal if the server has refused everything so far.
    private func refused(_ refusal: RequestFailure) -> RequestFailure {
        guard state.withLock({ !$0.hasSucceeded && $0.fullyRejectedBatches >= limits.fullyRejectedBatches }) else {
            return refusal
        }
        var fatal = refusal
        fatal.failureClass = .fatal(.protocolViolation)
        fatal.description = "the API refuses every request, whatever ids are in it: " + refusal.description
        return fatal
    }
}

/// How far refused batches are taken apart in one run.
package struct BisectionLimits: Sendable {
    /// Requests for parts of batches, over the whole run.
    package var splitRequests = 1_000
    /// Batches that were refused whole and accepted in halves before the size is held to be the cause.
    package var sizeRejections = 2
    /// Batches refused to the last id, with none accepted, before the API is held to refuse everything.
    package var fullyRejectedBatches = 3

    package init() {}
}

extension BatchReply {
    /// What is known of an id that was refused alone in a request.
    fileprivate init(lone refusal: RequestFailure, isFinal: Bool) {
        self.init(users: [], receivedAt: Timestamp(milliseconds: 0))
        requestCounts = refusal.requestCounts
        failures = [0: PartFailure(reason: refusal.reason, isFinal: isFinal, wasAlone: !isFinal)]
    }

    /// What is known of the ids of a part that brought no answer.
    fileprivate init(failed failure: RequestFailure, count: Int) {
        self.init(users: [], receivedAt: Timestamp(milliseconds: 0))
        requestCounts = failure.requestCounts
        for place in 0..<count { failures[place] = PartFailure(reason: failure.reason, isFinal: false) }
    }
}

extension RequestFailure {
    /// The failure with what was spent on the batch before it.
    func after(_ earlier: RequestCounts) -> RequestFailure {
        var failure = self
        failure.requestCounts += earlier
        return failure
    }
}
