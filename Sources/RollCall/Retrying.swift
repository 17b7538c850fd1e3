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
            var reply = try await loop.run(spent: &spent) { () async throws(RequestFailure) in
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
    private let wait: @Sendable (_ failure: RequestFailure, _ attempt: Int) -> Duration?

    /// `wait`: how long to wait before the next try, after so many; nil if there is to be none.
    package init(clock: Time, wait: @escaping @Sendable (_ failure: RequestFailure, _ attempt: Int) -> Duration?) {
        self.clock = clock
        self.wait = wait
    }

    /// `spent`: gains the effort of every failure.
    /// Throws the last failure; at once if the task is cancelled.
    package func run<Value: Sendable>(
        spent: inout RequestEffort,
        _ operation: () async throws(RequestFailure) -> Value
    ) async throws(RequestFailure) -> Value {
        var attempt = 0
        while true {
            attempt += 1
            let failure: RequestFailure
            do {
                return try await operation()
            } catch {
                failure = error
            }
            spent += failure.effort
            guard let pause = wait(failure, attempt) else { throw failure }
            do {
                try await clock.sleep(for: pause)
            } catch {
                throw failure
            }
        }
    }
}
