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

    /// The same, for a command that nobody asks why it stopped.
    convenience init() { self.init(telling: StopSource()) }

    /// Runs `body`, and cancels it when a signal comes.
    func stopping<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
        // Nobody else is told of these; by themselves they would end the process, the last one when who read its log has gone.
        for ignored in [SIGUSR1, SIGXFSZ, SIGPIPE] { _ = signal(ignored, SIG_IGN) }
        let signals = await UnixSignalsSequence(
            trapping: [.sighup, .sigint, .sigterm].filter { !Self.isIgnored($0.rawValue) })
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

    /// Whether whoever started the process had it ignore a signal, as `nohup` does, and `sh` for a job behind `&`.
    private static func isIgnored(_ signal: Int32) -> Bool {
        var action = sigaction()
        guard unsafe sigaction(signal, nil, &action) == 0 else { return false }
        return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == ignored
    }

    /// `SIG_IGN` as a number, as signal.h has it: functions cannot be compared.
    private static let ignored = 1

    /// Returns whether it is the first.
    private func note(_ signal: Int32) -> Bool {
        first.withLock { first in
            guard first == nil else { return false }
            first = signal
            return true
        }
    }
}
