package import Model
import Synchronization

/// Believes that the token is refused only when the account, asked for twice, is refused too.
///
/// One refusal among a thousand answers is a stumble of the server. While it is looked into, nothing else is sent.
package final class Confirming<Inner: Asking, Time: Clock<Duration>>: Asking {
    private let inner: Inner
    private let clock: Time
    private let isRefused: @Sendable () async -> Bool
    private let state = Mutex(State())

    private struct State {
        var isProbing = false
        /// Requests that wait for the verdict.
        var waiting: [CheckedContinuation<Void, Never>] = []
        /// The refusal that was confirmed.
        var verdict: RequestFailure?
    }

    /// `isRefused`: asks for the account, and tells whether the token was refused.
    package init(_ inner: Inner, clock: Time, isRefused: @escaping @Sendable () async -> Bool) {
        self.inner = inner
        self.clock = clock
        self.isRefused = isRefused
    }

    /// Between two questions for the account.
    private static var pause: Duration { .seconds(5) }

    package func ask(_ batch: IDBatch) async throws(RequestFailure) -> OnlineReply {
        await verdict()
        if var verdict = state.withLock({ $0.verdict }) {
            verdict.effort.requests = 0
            throw verdict
        }
        do {
            return try await inner.ask(batch)
        } catch {
            guard case .fatal(.accessDenied) = error.handling else { throw error }
            await confirm(error)
            guard state.withLock({ $0.verdict == nil }) else { throw error }
            var stumble = error
            stumble.handling = .transient
            throw stumble
        }
    }

    /// Looks into a refusal, or waits for the verdict on another.
    private func confirm(_ refusal: RequestFailure) async {
        let isFirst = state.withLock { state in
            guard !state.isProbing, state.verdict == nil else { return false }
            state.isProbing = true
            return true
        }
        guard isFirst else { return await verdict() }
        let isConfirmed = await isRefusedTwice()
        let waiting = state.withLock { state in
            state.isProbing = false
            if isConfirmed { state.verdict = refusal }
            defer { state.waiting.removeAll() }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    private func isRefusedTwice() async -> Bool {
        guard await isRefused() else { return false }
        do {
            try await clock.sleep(for: Self.pause)
        } catch {
            return false
        }
        return await isRefused()
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
