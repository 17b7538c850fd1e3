package import Model
import Synchronization

/// Ends a run that receives only web pages instead of API replies from the start, such as a proxy's error or login
/// page.
///
/// A single page is a transient failure. Once the API has replied, pages are handled like any other invalid response.
package final class WebPageGuard<Inner: OnlineStatusClient>: OnlineStatusClient {
    private let inner: Inner
    private let state = Mutex(State())

    private struct State {
        var hasAnswered = false
        /// The first ids of the batches that received a web page since the last other response.
        var batches = Set<ArraySlice<UInt8>>()
    }

    package init(_ inner: Inner) { self.inner = inner }

    /// Number of different batches that receive a web page before the run ends.
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

    /// Records the failure, and returns whether enough batches show that the API is not reachable.
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
