import Dispatch

/// Runs work that blocks (files, SQLite, compression) on a thread of its own.
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
