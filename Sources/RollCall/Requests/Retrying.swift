package import Model

/// Asks again what failed for a moment.
package struct Retrying<Inner: Asking, Time: Clock<Duration>>: Asking {
    private let inner: Inner
    private let loop: RetryLoop<Time>

    package init(_ inner: Inner, loop: RetryLoop<Time>) {
        self.inner = inner
        self.loop = loop
    }

    package func ask(_ batch: IDBatch) async throws(RequestFailure) -> OnlineReply {
        var spent = RequestEffort()
        spent.requests = 0
        do {
            var reply = try await loop.run(spent: &spent, mostTries: batch.mostTries) {
                () async throws(RequestFailure) in
                try await inner.ask(batch)
            }
            spent += reply.effort
            reply.effort = spent
            return reply
        } catch {
            var failure = error
            failure.effort = spent
            throw failure
        }
    }
}

/// Repeats an operation as a policy says. Time and randomness are passed in.
package struct RetryLoop<Time: Clock<Duration>>: Sendable {
    private let clock: Time
    private let answers: @Sendable () -> Int
    private let decide: @Sendable (RequestFailure, RetryPolicy.Tries) -> RetryPolicy.Verdict
    private let willRetry: @Sendable (RequestFailure, RetryPolicy.Tries) -> Void

    /// `answers`: how many batches were answered so far.
    /// `decide`: what to do about a failure, after so many of them.
    /// `willRetry`: is told of each failure that is followed by another try.
    package init(
        clock: Time,
        answers: @escaping @Sendable () -> Int = { 0 },
        decide: @escaping @Sendable (RequestFailure, RetryPolicy.Tries) -> RetryPolicy.Verdict,
        willRetry: @escaping @Sendable (RequestFailure, RetryPolicy.Tries) -> Void = { _, _ in }
    ) {
        self.clock = clock
        self.answers = answers
        self.decide = decide
        self.willRetry = willRetry
    }

    /// `spent`: gains the effort of every failure.
    /// `mostTries`: after so many no failure is a reason to try again; nil for as many as is decided.
    /// Throws the last failure; at once if the task is cancelled.
    package func run<Value: Sendable>(
        spent: inout RequestEffort,
        mostTries: Int? = nil,
        _ operation: () async throws(RequestFailure) -> Value
    ) async throws(RequestFailure) -> Value {
        var tries = RetryPolicy.Tries()
        while true {
            let failure: RequestFailure
            do {
                return try await operation()
            } catch {
                failure = error
            }
            spent += failure.effort
            tries.count(failure, answers: answers())
            if let mostTries, tries.total >= mostTries { throw failure }
            switch decide(failure, tries) {
            case .giveUp: throw failure
            case .tooLong(let wait): throw Self.stopped(failure, wait)
            case .again(let wait):
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
        failure.handling = .fatal(.temporary)
        failure.description += "; it asks to wait for \(wait.components.seconds) seconds, longer than this run can"
        return failure
    }
}
