import Dispatch
import Synchronization

/// Runs work that blocks (files, SQLite, compression) on a thread of its own, to its end.
///
/// Swift's cooperative pool has one thread a core: two blocking calls on two cores would stop every time-out, back-off
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

/// The same for work that nobody waits for once the task is cancelled: a read may block for as long as it likes.
///
/// `body`: looks at the flag now and then, and throws when it is set; what it returns then reaches nobody.
/// Throws `CancellationError` as soon as the task is cancelled, and what `body` throws.
package func onAbandonableThread<Result: Sendable>(
    _ body: @escaping @Sendable (CancellationFlag) throws -> Result
) async throws -> Result {
    let flag = CancellationFlag()
    let waiting = Mutex<CheckedContinuation<Result, any Error>?>(nil)
    return try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { continuation in
            waiting.withLock { $0 = continuation }
            // Cancelled before there was anybody to tell: the handler has come and gone.
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

/// Whether the task that waits for some work was cancelled, for the thread that does it.
package final class CancellationFlag: Sendable {
    private let flag = Atomic(false)

    package init() {}

    package var isSet: Bool { flag.load(ordering: .relaxed) }

    func set() { flag.store(true, ordering: .relaxed) }

    /// - Throws: `CancellationError` if it is set.
    package func check() throws { if isSet { throw CancellationError() } }
}

extension Mutex {
    /// Takes the value out, so that only one gets it.
    fileprivate borrowing func take<Wrapped>() -> sending Wrapped? where Value == Wrapped? {
        withLock { value in
            defer { value = nil }
            return value
        }
    }
}
