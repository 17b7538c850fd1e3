package import Model

/// Gives a request on its way some time to come back when the run is told to stop, in place of cutting it off.
package struct Draining<Inner: Asking, Time: Clock<Duration>>: Asking {
    private let inner: Inner
    private let grace: Duration
    private let clock: Time

    /// `grace`: for how long an answer is waited for after the task was cancelled.
    package init(_ inner: Inner, grace: Duration, clock: Time) {
        self.inner = inner
        self.grace = grace
        self.clock = clock
    }

    package func ask(_ batch: IDBatch) async throws(RequestFailure) -> OnlineReply {
        // A task of its own, since a child would be cancelled with its parent. It is always waited for.
        let request = Task { [inner] () async -> Result<OnlineReply, RequestFailure> in
            do throws(RequestFailure) {
                return .success(try await inner.ask(batch))
            } catch {
                return .failure(error)
            }
        }
        let result = await withTaskCancellationHandler {
            await request.value
        } onCancel: { [grace, clock] in
            Task {
                try? await clock.sleep(for: grace)
                request.cancel()
            }
        }
        return try result.get()
    }
}
