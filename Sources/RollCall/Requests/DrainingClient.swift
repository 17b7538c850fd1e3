package import Model

/// Gives a request on its way some time to come back when the run is told to stop, in place of cutting it off.
package struct DrainingClient<Inner: OnlineStatusClient, Time: Clock<Duration>>: OnlineStatusClient {
    private let inner: Inner
    private let grace: Duration
    private let clock: Time
    private let executor: @Sendable () -> (any TaskExecutor)?

    /// `grace`: for how long an answer is waited for after the task was cancelled.
    /// `executor`: where requests run, which a task of its own does not inherit.
    package init(
        _ inner: Inner,
        grace: Duration,
        clock: Time,
        executor: @escaping @Sendable () -> (any TaskExecutor)? = { nil }
    ) {
        self.inner = inner
        self.grace = grace
        self.clock = clock
        self.executor = executor
    }

    package func fetch(_ batch: IDBatch) async throws(RequestFailure) -> BatchReply {
        // A task of its own, since a child would be cancelled with its parent. It is always waited for.
        let request = Task(executorPreference: executor()) { [inner] () async -> Result<BatchReply, RequestFailure> in
            do throws(RequestFailure) {
                return .success(try await inner.fetch(batch))
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
