import Files
import Model
import Synchronization

/// One line on standard error that says how far asking is, redrawn at most ten times a second.
final class ProgressLine: Sendable {
    private let isShown: Bool
    private let lastDrawn = Mutex<ContinuousClock.Instant?>(nil)

    init(_ speech: Settings.Speech) {
        switch speech.progress {
        case .always: isShown = true
        case .never: isShown = false
        case .auto: isShown = Surroundings.hasTerminal && !speech.quiet
        }
    }

    func show(pass: Int, settled: Int, of unique: Int, requests: Int) {
        guard isShown else { return }
        let now = ContinuousClock.now
        let isDue = lastDrawn.withLock { last in
            if let last, last.duration(to: now) < .milliseconds(100) { return false }
            last = now
            return true
        }
        guard isDue else { return }
        let line = "pass \(pass): \(settled.grouped) of \(unique.grouped) ids settled, \(requests.of("request"))"
        try? StandardStream.error.write("\r\u{1b}[K" + line)
    }

    /// Clears the line for what is printed next.
    func clear() {
        guard isShown, lastDrawn.withLock({ $0 != nil }) else { return }
        try? StandardStream.error.write("\r\u{1b}[K")
    }
}
