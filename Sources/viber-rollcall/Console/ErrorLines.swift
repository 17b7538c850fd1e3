import Dispatch
import Files
import Formats
import Synchronization

/// Writes lines on standard error from a separate queue, so that a stopped terminal, or a log that no process reads,
/// blocks neither requests nor the end of the run.
enum ErrorLines {
    private static let writer = DispatchQueue(label: "viber-rollcall.stderr")
    private static let state = Mutex(State())

    /// Maximum number of waiting lines. Further lines are counted and discarded.
    private static let limit = 1_000

    private struct State {
        var waiting = 0
        var discarded = 0
        /// Whether `flush` has timed out since the last line was written.
        var isStuck = false
    }

    /// - Parameter text: whole lines, or what redraws the progress line.
    static func write(_ text: String) {
        let hasRoom = state.withLock { state in
            guard state.waiting < limit else {
                state.discarded += 1
                return false
            }
            state.waiting += 1
            return true
        }
        guard hasRoom else { return }
        writer.async {
            // The run continues without a log if standard error cannot be written.
            try? StandardStream.error.write(text)
            let discarded = state.withLock { state in
                defer { state.discarded = 0 }
                state.waiting -= 1
                state.isStuck = false
                return state.discarded
            }
            guard discarded > 0 else { return }
            try? StandardStream.error.write(
                "viber-rollcall: \(discarded.counted("line")) discarded here, since standard error was not read\n")
        }
    }

    /// Waits until all lines are written, for at most three seconds. After a timeout, does not wait again until a line
    /// has been written.
    static func flush() {
        guard !state.withLock({ $0.isStuck }) else { return }
        let end = DispatchWorkItem {}
        writer.async(execute: end)
        if end.wait(timeout: .now() + 3) == .timedOut { state.withLock { $0.isStuck = true } }
    }
}
