package import Model
import Synchronization

/// Ends a run in which web pages answer in the API's place from the start: a proxy's error page, or a login.
///
/// A page now and then is a stumble. Once an answer of the API came, pages are what any other broken answer is.
package final class WebPageGuard<Inner: OnlineStatusClient>: OnlineStatusClient {
    private let inner: Inner
    private let state = Mutex(State())

    private struct State {
        var hasAnswered = false
        /// First ids of the batches that were answered with pages, and nothing else in between.
        var batches = Set<ArraySlice<UInt8>>()
    }

    package init(_ inner: Inner) { self.inner = inner }

    /// Different batches.
    private static var limit: Int { 5 }

    package func fetch(_ batch: IDBatch) async throws(RequestFailure) -> BatchReply {
        do {
            let reply = try await inner.fetch(batch)
            state.withLock { $0.hasAnswered = true }
            return reply
        } catch {
            var failure = error
            if isConclusive(failure, batch) { failure.failureClass = .fatal(.protocolViolation) }
            throw failure
        }
    }

    /// Whether it is plain by now that the API is not there.
    private func isConclusive(_ failure: RequestFailure, _ batch: IDBatch) -> Bool {
        state.withLock { state in
            guard failure.isWebPage, !state.hasAnswered, !batch.isEmpty else {
                state.batches.removeAll()
                return false
            }
            state.batches.insert(batch[0])
            return state.batches.count >= Self.limit
        }
    }
}
