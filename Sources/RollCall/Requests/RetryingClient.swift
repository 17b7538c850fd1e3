package import Model

/// Retries transient failures.
package struct RetryingClient<Inner: OnlineStatusClient, Time: Clock<Duration>>: OnlineStatusClient {
    private let inner: Inner
    private let loop: RetryLoop<Time>

    package init(_ inner: Inner, loop: RetryLoop<Time>) {
        self.inner = inner
        self.loop = loop
    }

    package func fetch(_ batch: IDBatch) async throws(RequestFailure) -> BatchReply {
        var spent = RequestCounts()
        spent.requests = 0
        do {
            var reply = try await loop.run(spent: &spent, maxAttempts: batch.maxAttempts) {
                () async throws(RequestFailure) in
                try await inner.fetch(batch)
            }
            spent += reply.requestCounts
            reply.requestCounts = spent
            return reply
        } catch {
            var failure = error
            failure.requestCounts = spent
            throw failure
        }
    }
}

/// Repeats an operation as a policy decides. Time and randomness are passed in.
package struct RetryLoop<Time: Clock<Duration>>: Sendable {
    private let clock: Time
    private let answers: @Sendable () -> Int
    private let decide: @Sendable (RequestFailure, RetryPolicy.FailureCounts) -> RetryPolicy.Decision
    private let willRetry: @Sendable (RequestFailure, RetryPolicy.FailureCounts) -> Void

    /// Creates a loop.
    ///
    /// - Parameters:
    ///   - clock: measures the waits between attempts.
    ///   - answers: returns the number of batches that were answered so far.
    ///   - decide: decides about a failure, given the failures so far.
    ///   - willRetry: called with each failure that is followed by another attempt.
    package init(
        clock: Time,
        answers: @escaping @Sendable () -> Int = { 0 },
        decide: @escaping @Sendable (RequestFailure, RetryPolicy.FailureCounts) -> RetryPolicy.Decision,
        willRetry: @escaping @Sendable (RequestFailure, RetryPolicy.FailureCounts) -> Void = { _, _ in }
    ) {
        self.clock = clock
        self.answers = answers
        self.decide = decide
        self.willRetry = willRetry
    }

    /// Runs an operation until it succeeds, or its failure is not to be retried.
    ///
    /// - Parameters:
    ///   - spent: the counts of every failed request are added to it.
    ///   - maxAttempts: maximum number of attempts; nil for as many as `decide` allows.
    ///   - operation: sends the request.
    /// - Returns: the value that the operation returned.
    /// - Throws: the last failure. If the task is cancelled, it is thrown without another attempt.
    package func run<Value: Sendable>(
        spent: inout RequestCounts,
        maxAttempts: Int? = nil,
        _ operation: () async throws(RequestFailure) -> Value
    ) async throws(RequestFailure) -> Value {
        var failures = RetryPolicy.FailureCounts()
        while true {
            let failure: RequestFailure
            do {
                return try await operation()
            } catch {
                failure = error
            }
            spent += failure.requestCounts
            failures.count(failure, answers: answers())
            if let maxAttempts, failures.total >= maxAttempts { throw failure }
            switch decide(failure, failures) {
            case .stop: throw failure
            case .retryAfterExceedsLimit(let wait): throw Self.exceedingLimit(failure, wait)
            case .retry(let wait):
                willRetry(failure, failures)
                do {
                    if wait > .zero { try await clock.sleep(for: wait) }
                    try Task.checkCancellation()
                } catch {
                    throw failure
                }
            }
        }
    }

    private static func exceedingLimit(_ failure: RequestFailure, _ wait: Duration) -> RequestFailure {
        var failure = failure
        failure.failureClass = .fatal(.temporary)
        failure.description +=
            "; the server asks for a wait of \(wait.components.seconds) seconds, longer than this run can wait"
        return failure
    }
}
