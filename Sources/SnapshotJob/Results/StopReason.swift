package import Model
import Synchronization

/// The reason a run stopped before every id was requested.
package enum StopReason: Sendable, Equatable, CustomStringConvertible {
    /// The `--deadline` has passed.
    case deadline
    /// The process received the signal of this number.
    case signal(Int32)
    /// A request failed in a way that no other request of this run can avoid.
    case request(RequestFailure)
    /// The task was cancelled without a recorded reason.
    case cancelled

    package var description: String {
        switch self {
        case .deadline: "the --deadline has passed"
        case .signal: "a signal was received"
        case .request(let failure): failure.description
        case .cancelled: "the task was cancelled"
        }
    }
}

/// The reason why a run is cancelled, which is recorded before the task is cancelled.
///
/// The first reason is kept, but a signal replaces the deadline: the sender of a signal expects its exit code.
package final class StopSource: Sendable {
    private struct State {
        var reason: StopReason?
        var activity: String?
        var failure: String?
        /// The host of the first requests; nil once a response has arrived.
        var host: String?
        /// What delayed the run, as known when the reason was recorded.
        var cause: String?
    }

    private let state = Mutex(State())

    package init() {}

    /// Nil while the run is not asked to stop.
    package var reason: StopReason? { state.withLock { $0.reason } }

    /// What delayed the run: the last failed request, or an activity that had not finished; nil if requests were
    /// succeeding.
    package var cause: String? { state.withLock { $0.cause } }

    /// Records the reason for stopping, and what delayed the run until now.
    package func record(_ reason: StopReason) {
        state.withLock { state in
            if case .signal = reason, state.reason == .deadline { state.reason = reason }
            guard state.reason == nil else { return }
            state.reason = reason
            state.cause =
                state.failure.map { "the last failure: \($0)" } ?? state.activity.map { "the run was \($0)" }
                ?? state.host.map { "the run was waiting for an answer from \($0)" }
        }
    }

    /// Records what the run does before its first batch, such as `reading list.csv`; nil when that has finished.
    func record(activity: String?) { state.withLock { $0.activity = activity } }

    /// Records a failed request.
    func record(failure: RequestFailure) { state.withLock { $0.failure = failure.description } }

    /// Records that the first requests are sent to a server.
    func record(host: String) { state.withLock { $0.host = host } }

    /// Records a successful request: earlier failures no longer explain a delay.
    func recordSuccess() { state.withLock { ($0.failure, $0.host) = (nil, nil) } }
}

/// The run was stopped before any id was sent.
package struct StoppedBeforeSending: Error, CustomStringConvertible {
    package let reason: StopReason
    private let cause: String?

    /// - Parameters:
    ///   - reason: the reason for stopping.
    ///   - cause: what delayed the run until then; nil if unknown.
    package init(reason: StopReason, cause: String? = nil) {
        self.reason = reason
        self.cause = cause
    }

    package var description: String {
        if case .signal = reason { return "stopped by a signal before any id was sent" }
        return reason.description + (cause.map { "; \($0)" } ?? "")
    }
}
