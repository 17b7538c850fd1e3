package import Model
import Synchronization

/// Why a run stopped before every id had its turn.
package enum StopReason: Sendable, Equatable, CustomStringConvertible {
    /// The time that `--deadline` gives is up.
    case deadline
    /// The process was told to stop, by the signal of this number.
    case signal(Int32)
    /// No request of this run can succeed.
    case request(RequestFailure)
    /// The task was cancelled by somebody who did not say why.
    case cancelled

    package var description: String {
        switch self {
        case .deadline: "the time that --deadline gives is up"
        case .signal: "a signal asked for it"
        case .request(let failure): failure.description
        case .cancelled: "the task was cancelled"
        }
    }
}

/// Tells a run that is cancelled why. Whoever cancels it says so first; the first reason stands, but for a signal, which
/// somebody sent and so counts for more than a time that is up.
package final class StopSource: Sendable {
    private let first = Mutex<StopReason?>(nil)

    package init() {}

    /// Nil while nobody has asked the run to stop.
    package var reason: StopReason? { first.withLock { $0 } }

    package func note(_ reason: StopReason) {
        first.withLock { first in
            if case .signal = reason, first == .deadline { first = reason }
            first = first ?? reason
        }
    }
}

/// The run was told to stop before any id was sent.
package struct StoppedBeforeSending: Error, CustomStringConvertible {
    package let reason: StopReason

    package init(reason: StopReason) { self.reason = reason }

    package var description: String {
        if case .signal = reason { return "stopped by a signal before any id was sent" }
        return reason.description
    }
}
