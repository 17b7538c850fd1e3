import Files
import Formats
import SnapshotJob
import Synchronization

/// A line on standard error that shows the progress of the run, redrawn at most ten times per second.
final class ProgressLine: Sendable {
    private let isShown: Bool
    private let state = Mutex(State())

    private struct State {
        var lastDrawn: ContinuousClock.Instant?
    }

    init(_ outputSettings: Settings.OutputSettings) {
        switch outputSettings.progress {
        case .always: isShown = true
        case .never: isShown = false
        case .auto: isShown = StandardStream.error.isTerminal && !outputSettings.quiet
        }
    }

    var observer: ProgressObserver {
        ProgressObserver(
            show: { pass, settled, unique, requests in
                self.show(pass: pass, settled: settled, of: unique, requests: requests)
            },
            end: clear)
    }

    private func show(pass: Int, settled: Int, of unique: Int, requests: Int) {
        guard isShown else { return }
        let now = ContinuousClock.now
        let isDue = state.withLock { state in
            if let last = state.lastDrawn, last.duration(to: now) < .milliseconds(100) { return false }
            state = State(lastDrawn: now)
            return true
        }
        guard isDue else { return }
        let line = "pass \(pass): \(settled.grouped) of \(unique.grouped) ids settled, \(requests.counted("request"))"
        ErrorLines.write("\r\u{1b}[K" + line)
    }

    /// Clears the line before other output is printed.
    private func clear() {
        guard isShown, state.withLock({ $0.lastDrawn != nil }) else { return }
        ErrorLines.write("\r\u{1b}[K")
    }
}
