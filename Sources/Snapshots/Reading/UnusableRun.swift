import Files
import Formats
package import Model

/// A run directory that no decision may be based on. `prune-list`, gates, `audit` and the page leave it out with a note, or
/// refuse because of it; they never skip it silently.
package struct UnusableRun: Sendable, Equatable {
    package let path: String
    package let fault: Fault
    /// The latest time at which it may have started, by its name and by its summary.
    package let startedAt: Timestamp

    /// Why no decision may rest on a run.
    package enum Fault: Sendable, Equatable {
        /// It cannot be read. Holds what is wrong.
        case damaged(String)
        /// Its directory has the name of another run. Holds the run that it is a copy of.
        case copy(of: RunID)
        /// The complete snapshot of the same run exists, too.
        case secondForm
        case startedInTheFuture(Timestamp)
        case finishedInTheFuture(Timestamp)
        case finishedBeforeItStarted
        /// Its id gives another start than its summary.
        case startIsNotThatOfItsID
    }

    package var isDamaged: Bool { if case .damaged = fault { true } else { false } }

    /// What is wrong and what to do, in words that follow the path.
    package var reason: String {
        let remove = "To remove it: rm -r \(FilePaths.shellWord(path))"
        return switch fault {
        case .damaged(let what): "it is damaged: \(what). Restore it, or move it away if it is lost"
        case .copy(let run): "it holds run \(run), which has another name. Move it away if it is a copy"
        case .secondForm: "the complete snapshot of the same run exists, too. \(remove)"
        case .startedInTheFuture(let time):
            "it started at \(time.seconds), which is in the future; the clock was wrong. \(remove)"
        case .finishedInTheFuture(let time):
            "it finished at \(time.seconds), which is in the future; the clock was wrong. \(remove)"
        case .finishedBeforeItStarted: "it finished before it started; the clock was set back meanwhile. \(remove)"
        case .startIsNotThatOfItsID: "it did not start at the time in its name. Restore it, or move it away"
        }
    }

    /// For commands that go on without it.
    package var note: String { "\(path) is left out: \(reason)" }
    /// For commands that do not.
    package var objection: String { "\(path) cannot be relied on: \(reason)" }

    /// What a command throws that needs the run.
    ///
    /// - Parameter refusal: makes the error for a run that is not damaged, of the objection.
    /// - Returns: `DamagedSnapshot`, or what `refusal` makes.
    package func error(else refusal: (String) -> any Error) -> any Error {
        isDamaged ? DamagedSnapshot(objection) : refusal(objection)
    }
}

extension UnusableRun.Fault {
    /// Decides whether a decision may rest on a run whose summary could be read; nil if one may.
    ///
    /// - Parameters:
    ///   - run: as its summary tells of it.
    ///   - directory: the id in the name of its directory.
    ///   - isSecondForm: whether it is the incomplete form of a run whose whole form is there, too.
    ///   - now: the time.
    package init?(_ run: RunSummary.Run, in directory: RunID, isSecondForm: Bool, now: Timestamp) {
        if run.id != directory {
            self = .copy(of: run.id)
        } else if isSecondForm {
            self = .secondForm
        } else if !run.id.description.hasPrefix(run.startedAt.stamp) {
            self = .startIsNotThatOfItsID
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
    /// The first one to be told of: one that is damaged, if there is one.
    package var worst: UnusableRun? { first(where: \.isDamaged) ?? last }
}
