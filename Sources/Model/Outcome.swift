/// The result for one accepted id.
package enum Outcome: Sendable, Hashable {
    /// No request has carried the id.
    case notAsked
    case answered(StatusAnswer)
    /// Viber answered the request but omitted this id.
    case notReturned
    /// The last request that carried the id failed for it.
    case failed(FailureReason)

    /// Whether the id needs no further request.
    package var isDefinite: Bool {
        if case .answered(let answer) = self { answer.status.isDefinite } else { false }
    }

    /// The `error` column: empty for an answered id.
    package var errorText: String {
        switch self {
        case .answered: ""
        case .notAsked: "not_asked"
        case .notReturned: "not_returned"
        case .failed(let reason): "failed:" + reason.text
        }
    }
}

/// The answer for one id in a `get_online` reply.
package struct StatusAnswer: Sendable, Hashable {
    package var status: OnlineStatus
    /// When Viber last saw the user, in milliseconds since 1970; nil if absent or not a positive integer. Undocumented,
    /// but present in every recorded reply.
    package var lastOnline: Int64?
    /// When the reply arrived.
    package var checkedAt: Timestamp

    package init(status: OnlineStatus, lastOnline: Int64?, checkedAt: Timestamp) {
        self.status = status
        self.lastOnline = lastOnline
        self.checkedAt = checkedAt
    }
}

/// The state of one accepted id in a run.
package struct IDState: Sendable, Hashable {
    package var outcome: Outcome
    /// The number of requests that carried the id.
    package var attempts: Int
    /// Whether it is proven that the id never gets a definite answer.
    package var isFinal: Bool
    /// Whether the last request that carried the id carried no other id and failed.
    package var failedAlone: Bool

    package init(outcome: Outcome = .notAsked, attempts: Int = 0, isFinal: Bool = false, failedAlone: Bool = false) {
        self.outcome = outcome
        self.attempts = attempts
        self.isFinal = isFinal
        self.failedAlone = failedAlone
    }

    /// Whether no further request is needed.
    package var isSettled: Bool { outcome.isDefinite || isFinal }

    /// Records the result of `requests` more requests. A later failure does not replace an answer: a try-later of the
    /// first pass is kept after a timeout in the second.
    package mutating func record(
        _ newer: Outcome, requests: Int, isFinal: Bool = false, failedAlone: Bool = false
    ) {
        attempts += requests
        self.isFinal = isFinal
        self.failedAlone = failedAlone
        if case .answered = outcome {
            guard case .answered = newer else { return }
        }
        outcome = newer
    }
}
