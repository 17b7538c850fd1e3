package import Model

/// How many ids went from which outcome to which between two runs.
package struct Transitions: Sendable, Equatable {
    private var numbers = [Int](repeating: 0, count: OutcomeKind.allCases.count * OutcomeKind.allCases.count)
    /// Ids that only the later run has, by their outcome.
    package var new = Counts()
    /// Ids that only the earlier run has, by their outcome then.
    package var gone = Counts()

    package subscript(from: OutcomeKind, to: OutcomeKind) -> Int {
        get { numbers[Self.place(from, to)] }
        set { numbers[Self.place(from, to)] = newValue }
    }

    private static func place(_ from: OutcomeKind, _ to: OutcomeKind) -> Int {
        Int(from.rawValue) * OutcomeKind.allCases.count + Int(to.rawValue)
    }

    /// Ids that could be reached and are unavailable now.
    package var becameUnavailable: Int {
        OutcomeKind.allCases.reduce(0) { $0 + ($1.isReachable ? self[$1, .unavailable] : 0) }
    }

    /// Ids that were unavailable and can be reached now.
    package var recovered: Int {
        OutcomeKind.allCases.reduce(0) { $0 + ($1.isReachable ? self[.unavailable, $1] : 0) }
    }
}
