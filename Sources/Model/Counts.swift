/// How many ids have which outcome; the `counts` object of a snapshot.
package struct Counts: Sendable, Hashable {
    package var online = 0
    package var offline = 0
    package var undisclosed = 0
    package var tryLater = 0
    package var unavailable = 0
    package var unknown = 0
    package var notReturned = 0
    package var failed = 0
    package var notAsked = 0

    package init() {}

    package mutating func add(_ outcome: Outcome) {
        switch outcome {
        case .notAsked: notAsked += 1
        case .notReturned: notReturned += 1
        case .failed: failed += 1
        case .answered(let answer):
            switch answer.status {
            case .online: online += 1
            case .offline: offline += 1
            case .undisclosed: undisclosed += 1
            case .tryLater: tryLater += 1
            case .unavailable: unavailable += 1
            default: unknown += 1
            }
        }
    }

    /// The counts by the names a snapshot gives them, in its order.
    package var byName: [(name: String, value: Int)] {
        [
            ("online", online), ("offline", offline), ("undisclosed", undisclosed), ("try_later", tryLater),
            ("unavailable", unavailable), ("unknown", unknown), ("not_returned", notReturned), ("failed", failed),
            ("not_asked", notAsked),
        ]
    }

    package var total: Int { byName.reduce(0) { $0 + $1.value } }

    /// Ids without a definite answer.
    package var unresolved: Int { total - online - offline - undisclosed - unavailable }
}
