package import Model
import Synchronization

/// Believes that no request can succeed only when the account, asked for once, is refused in the same way, or when one batch
/// after the other is refused and none is answered.
///
/// One refusal among a thousand answers is a stumble of the server, and so is one redirect, or one connection whose TLS
/// fails. While it is looked into, nothing else is sent.
package final class AuthFailureConfirmingClient<Inner: OnlineStatusClient, Time: Clock<Duration>>: OnlineStatusClient {
    private let inner: Inner
    private let clock: Time
    private let isAccountRefused: @Sendable (FatalCause) async -> Bool
    private let state = Mutex(State())

    fileprivate struct State {
        var isProbing = false
        /// Requests that wait for the verdict.
        var waiting: [CheckedContinuation<Void, Never>] = []
        /// The refusal that was confirmed.
        var verdict: RequestFailure?
        var hasAnswered = false
        /// Refusals since the last answer, by the first id of the batch.
        var refusals: [ArraySlice<UInt8>: Int] = [:]
        /// When the first of them came.
        var refusedSince: Time.Instant?
    }

    /// `isAccountRefused`: asks for the account, and tells whether it is refused for the same cause.
    package init(
        _ inner: Inner, clock: Time, isAccountRefused: @escaping @Sendable (FatalCause) async -> Bool
    ) {
        self.inner = inner
        self.clock = clock
        self.isAccountRefused = isAccountRefused
    }

    package func fetch(_ batch: IDBatch) async throws(RequestFailure) -> BatchReply {
        await verdict()
        if var verdict = state.withLock({ $0.verdict }) {
            verdict.requestCounts.requests = 0
            throw verdict
        }
        do {
            let reply = try await inner.fetch(batch)
            state.withLock { $0.noteAnswer() }
            return reply
        } catch {
            guard case .fatal(let cause) = error.failureClass, cause == .accessDenied || cause == .misconfigured else {
                throw error
            }
            await confirm(error, cause)
            if state.withLock({ $0.verdict != nil }) { throw error }
            let isEveryBatch = state.withLock { state in
                state.noteRefusal(of: batch, now: clock.now)
                return state.isEveryBatchRefused(with: batch, now: clock.now)
            }
            var failure = error
            if isEveryBatch {
                failure.description += "; so is every other request for subscribers, though the account is answered"
                state.withLock { $0.verdict = failure }
            } else {
                failure.failureClass = .transient
            }
            throw failure
        }
    }

    /// Looks into a refusal, or waits for the verdict on another.
    private func confirm(_ refusal: RequestFailure, _ cause: FatalCause) async {
        let isFirst = state.withLock { state in
            guard !state.isProbing, state.verdict == nil else { return false }
            state.isProbing = true
            return true
        }
        guard isFirst else { return await verdict() }
        let isConfirmed = await isAccountRefused(cause)
        let waiting = state.withLock { state in
            state.isProbing = false
            if isConfirmed { state.verdict = refusal }
            defer { state.waiting.removeAll() }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Waits while a refusal is looked into.
    private func verdict() async {
        await withCheckedContinuation { continuation in
            let isClear = state.withLock { state in
                guard state.isProbing else { return true }
                state.waiting.append(continuation)
                return false
            }
            if isClear { continuation.resume() }
        }
    }
}

extension AuthFailureConfirmingClient.State {
    /// Refusals of one batch, and batches that are refused, before it may be plain that it is not what they hold.
    private static var limit: Int { 5 }

    fileprivate mutating func noteAnswer() {
        hasAnswered = true
        guard !refusals.isEmpty else { return }
        refusals.removeAll()
        refusedSince = nil
    }

    fileprivate mutating func noteRefusal(of batch: IDBatch, now: Time.Instant) {
        // An id that is asked for alone, since it made its batch fail, tells nothing of others.
        guard batch.count > 1 || batch.maxAttempts == nil, !batch.isEmpty else { return }
        refusals[batch[0], default: 0] += 1
        refusedSince = refusedSince ?? now
    }

    /// Whether it is plain that no batch is answered, and not that one of them is refused for what it holds.
    ///
    /// A batch that fails by itself is taken apart within 16 seconds, and then a part of it is answered. A server that has
    /// answered before may stumble for longer than one that never has.
    fileprivate func isEveryBatchRefused(with batch: IDBatch, now: Time.Instant) -> Bool {
        let all = refusals.values.reduce(0, +)
        guard let refusedSince, all >= Self.limit else { return false }
        let isLong = refusedSince.duration(to: now) >= .seconds(hasAnswered ? 40 : 20)
        if refusals.count > 1, isLong { return true }
        guard !hasAnswered else { return false }
        let isOnlyID = batch.count == 1 && batch.maxAttempts == nil
        return isOnlyID || refusals.count >= Self.limit && refusals.values.contains { $0 >= Self.limit }
    }
}
