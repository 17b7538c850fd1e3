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
    private struct State {
        var reason: StopReason?
        var activity: String?
        var failure: String?
        /// The host of a request that was sent before any answer came.
        var host: String?
        /// The cause when the reason was given.
        var cause: String?
    }

    private let state = Mutex(State())

    package init() {}

    /// Nil while nobody has asked the run to stop.
    package var reason: StopReason? { state.withLock { $0.reason } }

    /// Why the run was not over by then: the request that had failed last, or what was not yet done; nil if it just asked.
    package var cause: String? { state.withLock { $0.cause } }

    package func note(_ reason: StopReason) {
        state.withLock { state in
            if case .signal = reason, state.reason == .deadline { state.reason = reason }
            guard state.reason == nil else { return }
            state.reason = reason
            state.cause =
                state.failure.map { "the last failure: \($0)" } ?? state.activity.map { "the run was \($0)" }
                ?? state.host.map { "the run was waiting for an answer of \($0)" }
        }
    }

    /// What the run does before it asks, such as `reading list.csv`; nil when that is done.
    func note(activity: String?) { state.withLock { $0.activity = activity } }

    func note(failure: RequestFailure) { state.withLock { $0.failure = failure.description } }

    /// The first requests go to a server.
    func note(host: String) { state.withLock { $0.host = host } }

    /// The API gives answers, or gives them again.
    func noteSuccess() { state.withLock { ($0.failure, $0.host) = (nil, nil) } }
}

/// The run was told to stop before any id was sent.
package struct StoppedBeforeSending: Error, CustomStringConvertible {
    package let reason: StopReason
    private let cause: String?

    /// `cause`: what kept the run from sending until then, if that is known.
    package init(reason: StopReason, cause: String? = nil) {
        self.reason = reason
        self.cause = cause
    }

    package var description: String {
        if case .signal = reason { return "stopped by a signal before any id was sent" }
        return reason.description + (cause.map { "; \($0)" } ?? "")
    }
}
