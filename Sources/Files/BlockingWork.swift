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
/// - Parameter body: checks the flag regularly and throws when it is set. After a cancellation its result is ignored.
/// - Returns: the result of `body`.
/// - Throws: `CancellationError` as soon as the task is cancelled; otherwise what `body` throws.
package func onAbandonableThread<Result: Sendable>(
    _ body: @escaping @Sendable (CancellationFlag) throws -> Result
) async throws -> Result {
    let flag = CancellationFlag()
    let waiting = Mutex<CheckedContinuation<Result, any Error>?>(nil)
    return try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { continuation in
            waiting.withLock { $0 = continuation }
            // The task may have been cancelled before the continuation was stored; then the handler found none.
            if flag.isSet { waiting.take()?.resume(throwing: CancellationError()) }
            DispatchQueue(label: "viber-rollcall.abandoned").async {
                let result = Swift.Result { try body(flag) }
                waiting.take()?.resume(with: result)
            }
        }
    } onCancel: {
        flag.set()
        waiting.take()?.resume(throwing: CancellationError())
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
