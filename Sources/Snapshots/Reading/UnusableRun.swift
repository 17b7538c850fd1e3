import Files
import Formats
package import Model

/// A run directory that no decision may be based on. `prune-list`, gates, `audit` and the page leave it out with a
/// warning, or refuse because of it; they never skip it silently.
package struct UnusableRun: Sendable, Equatable {
    package let path: String
    package let fault: Fault
    /// The later of the start times in its name and in its summary.
    package let startedAt: Timestamp

    /// Why no decision may be based on a run.
    package enum Fault: Sendable, Equatable {
        /// It cannot be read. Holds the reason.
        case damaged(String)
        /// Its directory has the name of another run. Holds the run in its summary.
        case copy(of: RunID)
        /// It is incomplete, and the complete snapshot of the same run also exists.
        case incompleteDuplicate
        case startedInTheFuture(Timestamp)
        case finishedInTheFuture(Timestamp)
        case finishedBeforeItStarted
        /// The start times in its id and in its summary differ.
        case startDiffersFromID
    }

    package var isDamaged: Bool { if case .damaged = fault { true } else { false } }

    /// The fault and what to do about it, as text that follows the path.
    package var reason: String {
        let remove = "To remove it: rm -r \(FilePaths.shellWord(path))"
        return switch fault {
        case .damaged(let what): "it is damaged: \(what). Restore it, or move it away if it is lost"
        case .copy(let run): "it holds run \(run), not the run of its name. Move it away if it is a copy"
        case .incompleteDuplicate: "the complete snapshot of the same run also exists. \(remove)"
        case .startedInTheFuture(let time):
            "it started at \(time.seconds), which is in the future; the clock was wrong. \(remove)"
        case .finishedInTheFuture(let time):
            "it finished at \(time.seconds), which is in the future; the clock was wrong. \(remove)"
        case .finishedBeforeItStarted: "it finished before it started; the clock was set back during the run. \(remove)"
        case .startDiffersFromID: "it did not start at the time in its name. Restore it, or move it away"
        }
    }

    /// The warning of commands that continue without the run.
    package var warning: String { "\(path) is left out: \(reason)" }
    /// The error of commands that need the run.
    package var errorMessage: String { "\(path) cannot be relied on: \(reason)" }

    /// The error to throw in a command that needs the run.
    ///
    /// - Parameter refusal: makes the error for a run that is not damaged, from the error message.
    /// - Returns: `DamagedSnapshot` for a damaged run, otherwise the error that `refusal` makes.
    package func error(else refusal: (String) -> any Error) -> any Error {
        isDamaged ? DamagedSnapshot(errorMessage) : refusal(errorMessage)
    }
}

extension UnusableRun.Fault {
    /// Finds the fault of a run whose summary could be read; nil if decisions can be based on the run.
    ///
    /// - Parameters:
    ///   - run: the run in the summary.
    ///   - directory: the id in the name of its directory.
    ///   - isIncompleteDuplicate: whether it is incomplete and the complete snapshot of the same run also exists.
    ///   - now: the current time.
    package init?(_ run: RunSummary.Run, in directory: RunID, isIncompleteDuplicate: Bool, now: Timestamp) {
        if run.id != directory {
            self = .copy(of: run.id)
        } else if isIncompleteDuplicate {
            self = .incompleteDuplicate
        } else if !run.id.description.hasPrefix(run.startedAt.stamp) {
            self = .startDiffersFromID
        } else if run.isInTheFuture(at: now) {
            self = .startedInTheFuture(run.startedAt)
        } else if run.finishedAt.isInTheFuture(at: now) {
            self = .finishedInTheFuture(run.finishedAt)
        } else if run.finishedAt < run.startedAt {
            self = .finishedBeforeItStarted
        } else {
            return nil
        }
    }
}

extension [UnusableRun] {
    /// The run to report first: a damaged one, if there is one.
    package var worst: UnusableRun? { first(where: \.isDamaged) ?? last }
}
