/// What a run knows of one accepted id.
package enum Outcome: Sendable, Hashable {
    /// No request carried the id yet.
    case notAsked
    case answered(StatusAnswer)
    /// Viber answered the request and left this id out.
    case notReturned
    /// The last request that carried the id gave no answer for it.
    case failed(FailureReason)

    /// Whether the id needs no further question.
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

/// One user of a `get_online` answer.
package struct StatusAnswer: Sendable, Hashable {
    package var status: OnlineStatus
    /// When Viber last saw the user, in epoch milliseconds; nil if absent, 0 or no positive integer. Undocumented, and
    /// present in every recorded answer.
    package var lastOnline: Int64?
    /// When the answer came.
    package var checkedAt: Timestamp

    package init(status: OnlineStatus, lastOnline: Int64?, checkedAt: Timestamp) {
        self.status = status
        self.lastOnline = lastOnline
        self.checkedAt = checkedAt
    }
}

/// One accepted id's place in the roll: its outcome and how many requests carried it.
package struct IDState: Sendable, Hashable {
    package var outcome: Outcome
    package var attempts: Int
    /// Whether an id without a definite answer is proven never to get one.
    package var isFinal: Bool
    /// Whether the last request that carried the id carried no other, and failed.
    package var failedAlone: Bool

    package init(outcome: Outcome = .notAsked, attempts: Int = 0, isFinal: Bool = false, failedAlone: Bool = false) {
        self.outcome = outcome
        self.attempts = attempts
        self.isFinal = isFinal
        self.failedAlone = failedAlone
    }

    /// Whether there is nothing more to ask.
    package var isSettled: Bool { outcome.isDefinite || isFinal }

    /// Takes in what `requests` more requests brought. An answer that stands is not undone by a later failure to get
    /// one: a try-later of the first pass outlives a time-out of the second.
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
