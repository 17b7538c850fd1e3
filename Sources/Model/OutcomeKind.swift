/// The kinds of outcome that a snapshot counts. Each id has exactly one.
package enum OutcomeKind: UInt8, Sendable, CaseIterable {
    case online, offline, undisclosed, tryLater, unavailable, unknown, notReturned, failed, notAsked

    /// The name in the `counts` of a snapshot.
    package var name: String {
        switch self {
        case .online: "online"
        case .offline: "offline"
        case .undisclosed: "undisclosed"
        case .tryLater: "try_later"
        case .unavailable: "unavailable"
        case .unknown: "unknown"
        case .notReturned: "not_returned"
        case .failed: "failed"
        case .notAsked: "not_asked"
        }
    }

    /// Whether an id of this kind needs no further request.
    package var isDefinite: Bool {
        switch self {
        case .online, .offline, .undisclosed, .unavailable: true
        default: false
        }
    }

    /// Whether Viber reported that the user can be reached.
    package var isReachable: Bool { isDefinite && self != .unavailable }
}

extension Outcome {
    package var kind: OutcomeKind {
        switch self {
        case .notAsked: .notAsked
        case .notReturned: .notReturned
        case .failed: .failed
        case .answered(let answer): answer.status.kind
        }
    }
}

extension OnlineStatus {
    fileprivate var kind: OutcomeKind {
        switch self {
        case .online: .online
        case .offline: .offline
        case .undisclosed: .undisclosed
        case .tryLater: .tryLater
        case .unavailable: .unavailable
        default: .unknown
        }
    }
}
