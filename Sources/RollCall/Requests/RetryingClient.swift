package import Model

/// Asks again what failed for a moment.
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

/// Repeats an operation as a policy says. Time and randomness are passed in.
package struct RetryLoop<Time: Clock<Duration>>: Sendable {
    private let clock: Time
    private let answers: @Sendable () -> Int
    private let decide: @Sendable (RequestFailure, RetryPolicy.FailureCounts) -> RetryPolicy.Decision
    private let willRetry: @Sendable (RequestFailure, RetryPolicy.FailureCounts) -> Void

    /// `answers`: how many batches were answered so far.
    /// `decide`: what to do about a failure, after so many of them.
    /// `willRetry`: is told of each failure that is followed by another try.
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

    /// `spent`: gains the effort of every failure.
    /// `maxAttempts`: after so many no failure is a reason to try again; nil for as many as is decided.
    /// Throws the last failure; at once if the task is cancelled.
    package func run<Value: Sendable>(
        spent: inout RequestCounts,
        maxAttempts: Int? = nil,
        _ operation: () async throws(RequestFailure) -> Value
    ) async throws(RequestFailure) -> Value {
        var tries = RetryPolicy.FailureCounts()
        while true {
            let failure: RequestFailure
            do {
                return try await operation()
            } catch {
                failure = error
            }
            spent += failure.requestCounts
            tries.count(failure, answers: answers())
            if let maxAttempts, tries.total >= maxAttempts { throw failure }
            switch decide(failure, tries) {
            case .stop: throw failure
            case .retryAfterExceedsLimit(let wait): throw Self.stopped(failure, wait)
            case .retry(let wait):
                willRetry(failure, tries)
                do {
                    if wait > .zero { try await clock.sleep(for: wait) }
                    try Task.checkCancellation()
                } catch {
                    throw failure
                }
            }
        }
    }

    private static func stopped(_ failure: RequestFailure, _ wait: Duration) -> RequestFailure {
        var failure = failure
        failure.failureClass = .fatal(.temporary)
        failure.description += "; it asks to wait for \(wait.components.seconds) seconds, longer than this run can"
        return failure
    }
}
