package import Model
import Synchronization

/// Confirms a failed authentication before it ends the run.
///
/// The run ends only if a request for the account is refused for the same cause, or if several batches are refused in a
/// row and none is answered. One refusal among a thousand answers is a transient failure of the server, and so is one
/// redirect, or one connection whose TLS fails. While a refusal is being confirmed, nothing else is sent.
package final class AuthFailureConfirmingClient<Inner: OnlineStatusClient, Time: Clock<Duration>>: OnlineStatusClient {
    private let inner: Inner
    private let clock: Time
    private let isAccountRefused: @Sendable (FatalCause) async -> Bool
    private let state = Mutex(State())

    fileprivate struct State {
        var isProbing = false
        /// Requests that wait until the probe ends.
        var waiting: [CheckedContinuation<Void, Never>] = []
        /// The refusal that was confirmed.
        var confirmedFailure: RequestFailure?
        var hasAnswered = false
        /// Number of refusals since the last answer, by the first id of the batch.
        var refusals: [ArraySlice<UInt8>: Int] = [:]
        /// When the first of them was received.
        var refusedSince: Time.Instant?
    }

    /// Creates a client that confirms the refusals of another.
    ///
    /// - Parameters:
    ///   - inner: sends the requests.
    ///   - clock: measures how long batches have been refused.
    ///   - isAccountRefused: requests the account, and returns whether that is refused for the same cause.
    package init(
        _ inner: Inner, clock: Time, isAccountRefused: @escaping @Sendable (FatalCause) async -> Bool
    ) {
        self.inner = inner
        self.clock = clock
        self.isAccountRefused = isAccountRefused
    }

    package func fetch(_ batch: IDBatch) async throws(RequestFailure) -> BatchReply {
        await waitForProbe()
        if var failure = state.withLock({ $0.confirmedFailure }) {
            failure.requestCounts.requests = 0
            throw failure
        }
        do {
            let reply = try await inner.fetch(batch)
            state.withLock { $0.recordAnswer() }
            return reply
        } catch {
            guard case .fatal(let cause) = error.failureClass, cause == .accessDenied || cause == .misconfigured else {
                throw error
            }
            await confirm(error, cause)
            if state.withLock({ $0.confirmedFailure != nil }) { throw error }
            let isEveryBatch = state.withLock { state in
                state.recordRefusal(of: batch, now: clock.now)
                return state.isEveryBatchRefused(with: batch, now: clock.now)
            }
            var failure = error
            if isEveryBatch {
                failure.description += "; every request for subscribers is refused, but the account request is answered"
                state.withLock { $0.confirmedFailure = failure }
            } else {
                failure.failureClass = .transient
            }
            throw failure
        }
    }

    /// Probes the account because of a refusal, or waits until a running probe ends.
    private func confirm(_ refusal: RequestFailure, _ cause: FatalCause) async {
        let isFirst = state.withLock { state in
            guard !state.isProbing, state.confirmedFailure == nil else { return false }
            state.isProbing = true
            return true
        }
        guard isFirst else { return await waitForProbe() }
        let isConfirmed = await isAccountRefused(cause)
        let waiting = state.withLock { state in
            state.isProbing = false
            if isConfirmed { state.confirmedFailure = refusal }
            defer { state.waiting.removeAll() }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Waits while the account is being probed.
    private func waitForProbe() async {
        await withCheckedContinuation { continuation in
            let canProceed = state.withLock { state in
                guard state.isProbing else { return true }
                state.waiting.append(continuation)
                return false
            }
            if canProceed { continuation.resume() }
        }
    }
}

extension AuthFailureConfirmingClient.State {
    /// Minimum number of refused requests before the content of the batches is ruled out as the cause.
    private static var limit: Int { 5 }

    fileprivate mutating func recordAnswer() {
        hasAnswered = true
        guard !refusals.isEmpty else { return }
        refusals.removeAll()
        refusedSince = nil
    }

    fileprivate mutating func recordRefusal(of batch: IDBatch, now: Time.Instant) {
        // An id that is requested alone because its batch failed says nothing about the other ids.
        guard batch.count > 1 || batch.maxAttempts == nil, !batch.isEmpty else { return }
        refusals[batch[0], default: 0] += 1
        refusedSince = refusedSince ?? now
    }

    /// Whether the server refuses every batch, and not just one because of its content.
    ///
    /// A batch that fails because of its content is split within 16 seconds, and then a part of it is answered. A
    /// server that has answered before gets longer (40 seconds) to recover than one that never has (20 seconds).
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
