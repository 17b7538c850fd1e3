import Dispatch
import Files
import Formats
import Synchronization

/// Lines on standard error, written by a thread of their own: a terminal that was stopped, or a log that nobody reads, must not
/// keep anybody from asking or from stopping.
enum ErrorLines {
    private static let writer = DispatchQueue(label: "viber-rollcall.stderr")
    private static let state = Mutex(State())

    /// Lines that may wait; those that come after them are counted and left out.
    private static let limit = 1_000

    private struct State {
        var waiting = 0
        var leftOut = 0
        /// Whether somebody has waited in vain already.
        var isStuck = false
    }

    /// - Parameter text: whole lines, or what redraws the progress line.
    static func write(_ text: String) {
        let hasRoom = state.withLock { state in
            guard state.waiting < limit else {
                state.leftOut += 1
                return false
            }
            state.waiting += 1
            return true
        }
        guard hasRoom else { return }
        writer.async {
            // A run goes on without a log when nobody is there to read it.
            try? StandardStream.error.write(text)
            let leftOut = state.withLock { state in
                defer { state.leftOut = 0 }
                state.waiting -= 1
                state.isStuck = false
                return state.leftOut
            }
            guard leftOut > 0 else { return }
            try? StandardStream.error.write(
                "viber-rollcall: \(leftOut.counted("line")) left out here, since nobody read those before\n")
        }
    }

    /// Waits until all lines are written, three seconds at most, and not again where that was in vain.
    static func flush() {
        guard !state.withLock({ $0.isStuck }) else { return }
        let end = DispatchWorkItem {}
        writer.async(execute: end)
        if end.wait(timeout: .now() + 3) == .timedOut { state.withLock { $0.isStuck = true } }
    }
}
