package import Model

/// Gives a request in flight some time to finish when the run has to stop, instead of cancelling it at once.
package struct DrainingClient<Inner: OnlineStatusClient, Time: Clock<Duration>>: OnlineStatusClient {
    private let inner: Inner
    private let grace: Duration
    private let clock: Time
    private let executor: @Sendable () -> (any TaskExecutor)?

    /// Creates a client that drains the requests of another.
    ///
    /// - Parameters:
    ///   - inner: sends the requests.
    ///   - grace: how long to wait for a reply after the task was cancelled.
    ///   - clock: measures the grace period.
    ///   - executor: where requests run, since an unstructured task does not inherit its creator's executor.
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
        // An unstructured task, since a child would be cancelled with its parent. It is always awaited.
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
