import Glibc
import SnapshotJob
import Synchronization
import UnixSignals

/// Signals that stop the process: the first one stops it in order, a second one at once.
final class StopSignals: Sendable {
    private let first = Mutex<Int32?>(nil)
    private let stop: StopSource

    /// - Parameter stop: receives the first signal.
    init(reportingTo stop: StopSource) { self.stop = stop }

    /// The first signal received; nil until then.
    var received: Int32? { first.withLock { $0 } }

    /// For a command that does not report why it stopped.
    convenience init() { self.init(reportingTo: StopSource()) }

    /// Runs `body`, and cancels it at the first signal. A second signal ends the process.
    ///
    /// - Parameter body: the work to run.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws.
    func stopping<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
        // By default these end the process, SIGPIPE when the reader of the log has exited. Nothing handles them here.
        for ignored in [SIGUSR1, SIGXFSZ, SIGPIPE] { _ = signal(ignored, SIG_IGN) }
        let signals = await UnixSignalsSequence(
            trapping: [.sighup, .sigint, .sigterm].filter { !Self.isIgnored($0.rawValue) })
        // Two tasks: the second signal must be received after the first has cancelled the work.
        let work = Task { try await body() }
        let listening = Task {
            for await signal in signals {
                guard record(signal.rawValue) else { _exit(128 + signal.rawValue) }
                stop.record(.signal(signal.rawValue))
                work.cancel()
            }
        }
        defer { listening.cancel() }
        return try await work.value
    }

    /// Whether the parent made the process ignore the signal, as `nohup` does, and `sh` for a job started with `&`.
    private static func isIgnored(_ signal: Int32) -> Bool {
        var action = sigaction()
        guard unsafe sigaction(signal, nil, &action) == 0 else { return false }
        return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == ignored
    }

    /// `SIG_IGN` as a number, as in signal.h: Swift cannot compare functions.
    private static let ignored = 1

    /// Keeps the first signal.
    ///
    /// - Returns: whether `signal` is the first one.
    private func record(_ signal: Int32) -> Bool {
        first.withLock { first in
            guard first == nil else { return false }
            first = signal
            return true
        }
    }
}
