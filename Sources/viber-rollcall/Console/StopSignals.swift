import Glibc
import SnapshotJob
import Synchronization
import UnixSignals

/// The signals that ask a process to stop: the first one stops it in order, a second one at once.
final class StopSignals: Sendable {
    private let first = Mutex<Int32?>(nil)
    private let stop: StopSource

    /// `stop`: is told of the first signal.
    init(telling stop: StopSource) { self.stop = stop }

    /// The signal that came; nil while none did.
    var received: Int32? { first.withLock { $0 } }

    /// Runs `body`, and cancels it when a signal comes.
    func stopping<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
        // Nobody else is told of these two; by themselves they would end the process.
        for ignored in [SIGUSR1, SIGXFSZ] { _ = signal(ignored, SIG_IGN) }
        let signals = await UnixSignalsSequence(trapping: .sighup, .sigint, .sigterm)
        // Tasks of their own: the second signal has to be heard after the first has cancelled the work.
        let work = Task { try await body() }
        let listening = Task {
            for await signal in signals {
                guard note(signal.rawValue) else { _exit(128 + signal.rawValue) }
                stop.note(.signal(signal.rawValue))
                work.cancel()
            }
        }
        defer { listening.cancel() }
        return try await work.value
    }

    /// Returns whether it is the first.
    private func note(_ signal: Int32) -> Bool {
        first.withLock { first in
            guard first == nil else { return false }
            first = signal
            return true
        }
    }
}
