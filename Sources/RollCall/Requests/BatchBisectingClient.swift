package import Model
import Synchronization

/// Bisects a refused batch to isolate the ids that cause the refusal, so that the others are answered.
///
/// An id that gets `badData` in a request of its own is refused for good, and is not requested again. If
/// `sizeRejectionThreshold` full-size batches in a row are refused although their halves are accepted, the size is the
/// cause: then batches are split to the accepted size for the rest of the run.
package final class BatchBisectingClient<Inner: OnlineStatusClient>: OnlineStatusClient {
    private let inner: Inner
    private let limits: BisectionLimits
    private let budget: SplitBudget
    private let state = Mutex(State())

    private struct State {
        /// Maximum number of ids in a request that the server accepts, as far as is known.
        var maxBatchSize = IDBatch.limit
        /// Consecutive full-size batches that were refused as a whole and answered in halves.
        var sizeRejections = 0
        /// Full-size batches that were answered; each shows that the server accepts the size.
        var fullSizeReplies = 0
        /// Batches of more than half the maximum size of which every id was refused, before any batch was answered: a
        /// smaller one may hold refused ids only.
        var fullyRejectedBatches = 0
        var hasSucceeded = false
    }

    /// Creates a client that splits the batches that another client reports as refused.
    ///
    /// - Parameters:
    ///   - inner: sends the requests.
    ///   - limits: how far refused batches are split.
    ///   - budget: split requests for the run; nil for the number in `limits`.
    package init(_ inner: Inner, limits: BisectionLimits = BisectionLimits(), budget: SplitBudget? = nil) {
        self.inner = inner
        self.limits = limits
        self.budget = budget ?? SplitBudget(limits.maxSplitRequests)
    }

    package func fetch(_ batch: IDBatch) async throws(RequestFailure) -> BatchReply {
        let size = state.withLock { $0.maxBatchSize }
        guard batch.count > size else { return try await fetchBisecting(batch, isFullSize: batch.count == size) }
        // The server is known to refuse larger batches, so this split does not count against the budget.
        return try await fetchParts(
            batch, boundaries: Array(stride(from: 0, to: batch.count, by: size)) + [batch.count], earlierRequests: 0,
            isFullSize: true)
    }

    /// Sends a batch; if it is refused, fetches its halves instead.
    ///
    /// - Parameters:
    ///   - batch: the ids to fetch.
    ///   - isFullSize: whether the batch has the maximum size or was split from one that has; only these are evidence
    ///     of the size that the server accepts.
    /// - Returns: the reply, with the failures of the ids that were refused.
    /// - Throws: the failure of the batch, if it is not a refusal or may not be split.
    private func fetchBisecting(_ batch: IDBatch, isFullSize: Bool) async throws(RequestFailure) -> BatchReply {
        let refusal: RequestFailure
        let fullSizeReplies = state.withLock { $0.fullSizeReplies }
        do {
            let reply = try await inner.fetch(batch)
            state.withLock { state in
                state.hasSucceeded = true
                guard batch.count >= state.maxBatchSize else { return }
                state.sizeRejections = 0
                state.fullSizeReplies += 1
            }
            return reply
        } catch {
            guard error.failureClass == .batchRefused else { throw error }
            refusal = error
        }
        guard batch.count > 1 else {
            return BatchReply(rejecting: refusal, isFinal: refusal.reason == .badData)
        }
        guard !rejectsEverything, budget.spend(2) else { throw escalated(refusal) }
        var reply: BatchReply
        do {
            reply = try await fetchParts(
                batch, boundaries: [0, (batch.count + 1) / 2, batch.count],
                earlierRequests: refusal.requestCounts.requests,
                isFullSize: isFullSize)
        } catch {
            throw error.after(refusal.requestCounts)
        }
        reply.requestCounts += refusal.requestCounts
        recordSplit(
            of: batch, refusal, reply, isFullSize: isFullSize, fullSizeRepliesBefore: fullSizeReplies)
        return reply
    }

    /// Fetches the parts between the boundaries, one after the other, and joins their replies.
    ///
    /// - Parameters:
    ///   - batch: the ids to fetch.
    ///   - boundaries: the indices where the parts start, and the end of the last one.
    ///   - earlierRequests: number of requests that were sent for the whole batch before.
    ///   - isFullSize: as for `fetchBisecting`.
    /// - Returns: the joined reply, with the failures of parts.
    /// - Throws: a fatal failure.
    private func fetchParts(
        _ batch: IDBatch,
        boundaries: [Int],
        earlierRequests: Int,
        isFullSize: Bool
    ) async throws(RequestFailure) -> BatchReply {
        var whole: BatchReply?
        for (start, end) in zip(boundaries, boundaries.dropFirst()) {
            var part: BatchReply
            do {
                part = try await fetchBisecting(batch.part(start..<end), isFullSize: isFullSize)
            } catch {
                if case .fatal = error.failureClass { throw whole.map { error.after($0.requestCounts) } ?? error }
                // This part failed; the other parts are still fetched.
                part = BatchReply(failed: error, count: end - start)
            }
            let attempts = (0..<end - start).map { part.attempts(at: $0) + earlierRequests }
            guard var joined = whole else {
                part.attempts = attempts
                whole = part
                continue
            }
            joined.users += part.users
            joined.receivedAt = max(joined.receivedAt, part.receivedAt)
            joined.requestCounts += part.requestCounts
            joined.attempts += attempts
            for (index, failure) in part.failures { joined.failures[start + index] = failure }
            whole = joined
        }
        return whole ?? BatchReply(users: [], receivedAt: Timestamp(milliseconds: 0))
    }

    /// Records what a refused batch tells, after its parts were fetched: whether the server refuses its size or all ids.
    ///
    /// - Parameters:
    ///   - batch: the batch that was refused.
    ///   - refusal: its failure as a whole.
    ///   - reply: the joined reply to the parts.
    ///   - isFullSize: as for `fetchBisecting`.
    ///   - fullSizeReplies: number of full-size replies before the batch was sent.
    private func recordSplit(
        of batch: IDBatch,
        _ refusal: RequestFailure,
        _ reply: BatchReply,
        isFullSize: Bool,
        fullSizeRepliesBefore fullSizeReplies: Int
    ) {
        state.withLock { state in
            if reply.failures.isEmpty {
                guard isFullSize, state.fullSizeReplies == fullSizeReplies else { return }
                state.sizeRejections += 1
                if state.sizeRejections >= limits.sizeRejectionThreshold {
                    state.maxBatchSize = min(state.maxBatchSize, (batch.count + 1) / 2)
                }
            } else {
                state.sizeRejections = 0
            }
            let wasFullyRejected =
                reply.failures.count == batch.count && reply.failures.values.allSatisfy { $0.reason == refusal.reason }
            if batch.count > IDBatch.limit / 2, wasFullyRejected { state.fullyRejectedBatches += 1 }
        }
    }

    /// Whether the server has answered nothing and refused every id of several batches.
    private var rejectsEverything: Bool {
        state.withLock { !$0.hasSucceeded && $0.fullyRejectedBatches >= limits.fullRejectionThreshold }
    }

    /// Makes a refusal fatal if the server rejects everything.
    private func escalated(_ refusal: RequestFailure) -> RequestFailure {
        guard rejectsEverything else { return refusal }
        var fatal = refusal
        fatal.failureClass = .fatal(.protocolViolation)
        fatal.description = "the API refuses every request, whichever ids it contains: " + refusal.description
        return fatal
    }
}

/// How far refused batches are split in one run.
package struct BisectionLimits: Sendable {
    /// Maximum number of split requests in the run.
    package var maxSplitRequests = 1_000
    /// Number of batches, refused whole and accepted in halves, after which the size is considered to be the cause.
    package var sizeRejectionThreshold = 2
    /// Number of batches with every id refused, and none answered before, after which the API is considered to refuse
    /// everything.
    package var fullRejectionThreshold = 3

    package init() {}
}

extension BatchReply {
    /// The reply for an id that was refused alone in a request.
    fileprivate init(rejecting refusal: RequestFailure, isFinal: Bool) {
        self.init(users: [], receivedAt: Timestamp(milliseconds: 0))
        requestCounts = refusal.requestCounts
        failures = [0: PartFailure(reason: refusal.reason, isFinal: isFinal, wasAlone: !isFinal)]
    }

    /// The reply for a part that failed.
    fileprivate init(failed failure: RequestFailure, count: Int) {
        self.init(users: [], receivedAt: Timestamp(milliseconds: 0))
        requestCounts = failure.requestCounts
        for index in 0..<count { failures[index] = PartFailure(reason: failure.reason, isFinal: false) }
    }
}

extension RequestFailure {
    /// Returns the failure, with the requests that were sent for the batch before added to its counts.
    func after(_ earlier: RequestCounts) -> RequestFailure {
        var failure = self
        failure.requestCounts += earlier
        return failure
    }
}
