import Dispatch
import Files
import Formats
import SnapshotJob
import Synchronization

/// One line on standard error that says how far asking is, redrawn at most ten times a second.
///
/// It is written by a thread of its own: a terminal that was stopped must not keep anybody from asking.
final class ProgressLine: Sendable {
    private let isShown: Bool
    private let writer = DispatchQueue(label: "viber-rollcall.progress")
    private let state = Mutex(State())

    private struct State {
        var lastDrawn: ContinuousClock.Instant?
        var isBeingWritten = false
    }

    init(_ speech: Settings.Speech) {
        switch speech.progress {
        case .always: isShown = true
        case .never: isShown = false
        case .auto: isShown = StandardStream.error.isTerminal && !speech.quiet
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
            if state.isBeingWritten { return false }
            if let last = state.lastDrawn, last.duration(to: now) < .milliseconds(100) { return false }
            state = State(lastDrawn: now, isBeingWritten: true)
            return true
        }
        guard isDue else { return }
        let line = "pass \(pass): \(settled.grouped) of \(unique.grouped) ids settled, \(requests.of("request"))"
        writer.async { [self] in
            try? StandardStream.error.write("\r\u{1b}[K" + line)
            state.withLock { $0.isBeingWritten = false }
        }
    }

    /// Clears the line for what is printed next. A terminal that was stopped is not waited for.
    private func clear() {
        guard isShown, state.withLock({ $0.lastDrawn != nil }) else { return }
        let clearing = DispatchWorkItem { try? StandardStream.error.write("\r\u{1b}[K") }
        writer.async(execute: clearing)
        _ = clearing.wait(timeout: .now() + 1)
    }
}
