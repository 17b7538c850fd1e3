package import Model

/// Number of ids for each pair of outcomes in two runs.
package struct Transitions: Sendable, Equatable {
    private var numbers = [Int](repeating: 0, count: OutcomeKind.allCases.count * OutcomeKind.allCases.count)
    /// Ids that only the later run has, by their outcome.
    package var new = Counts()
    /// Ids that only the earlier run has, by their outcome there.
    package var gone = Counts()

    package subscript(from: OutcomeKind, to: OutcomeKind) -> Int {
        get { numbers[Self.index(from, to)] }
        set { numbers[Self.index(from, to)] = newValue }
    }

    private static func index(_ from: OutcomeKind, _ to: OutcomeKind) -> Int {
        Int(from.rawValue) * OutcomeKind.allCases.count + Int(to.rawValue)
    }

    /// Ids that were reachable and are unavailable now.
    package var becameUnavailable: Int {
        OutcomeKind.allCases.reduce(0) { $0 + ($1.isReachable ? self[$1, .unavailable] : 0) }
    }

    /// Ids that were unavailable and are reachable now.
    package var recovered: Int {
        OutcomeKind.allCases.reduce(0) { $0 + ($1.isReachable ? self[.unavailable, $1] : 0) }
    }
}
