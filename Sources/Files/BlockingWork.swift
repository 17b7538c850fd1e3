import Dispatch
import Synchronization

/// Runs blocking work (files, SQLite, compression) on a separate thread and waits until it ends.
///
/// Swift's cooperative pool has one thread per core: two blocking calls on two cores would stop every timeout, back-off
/// and signal handler of the process.
package func onBlockingThread<Result: Sendable>(
    _ body: @escaping @Sendable () throws -> Result
) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue(label: "viber-rollcall.blocking").async {
            continuation.resume(with: Swift.Result { try body() })
        }
    }
}

/// Runs blocking work on a separate thread and stops waiting when the task is cancelled: a read may block forever.
///
/// - Parameter body: checks the flag regularly and throws when it is set.
/// - Returns: the result of `body`.
/// - Throws: `CancellationError` if the task was cancelled before `body` started, or if `body` does not end within 200 ms of
///   the cancellation: until then it can notice the flag, so that the caller can remove its files. Otherwise what `body` throws.
package func onAbandonableThread<Result: Sendable>(
    _ body: @escaping @Sendable (CancellationFlag) throws -> Result
) async throws -> Result {
    let flag = CancellationFlag()
    let waiting = Mutex<CheckedContinuation<Result, any Error>?>(nil)
    return try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { continuation in
            waiting.withLock { $0 = continuation }
            DispatchQueue(label: "viber-rollcall.abandonable").async {
                let result = Swift.Result {
                    try flag.check()
                    return try body(flag)
                }
                waiting.take()?.resume(with: result)
            }
        }
    } onCancel: {
        flag.set()
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(200)) {
            waiting.take()?.resume(throwing: CancellationError())
        }
    }
}

/// Lets blocking work check whether the task that waits for it was cancelled.
package final class CancellationFlag: Sendable {
    private let flag = Atomic(false)

    package init() {}

    package var isSet: Bool { flag.load(ordering: .relaxed) }

    func set() { flag.store(true, ordering: .relaxed) }

    /// - Throws: `CancellationError` if it is set.
    package func check() throws { if isSet { throw CancellationError() } }
}

extension Mutex {
    /// Removes and returns the value, so that only one caller gets it.
    fileprivate borrowing func take<Wrapped>() -> sending Wrapped? where Value == Wrapped? {
        withLock { value in
            defer { value = nil }
            return value
        }
    }
}
