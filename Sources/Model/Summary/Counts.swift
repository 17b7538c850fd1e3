/// The number of ids with each outcome; the `counts` object of a snapshot.
package struct Counts: Sendable, Hashable {
    private var numbers = [Int](repeating: 0, count: OutcomeKind.allCases.count)

    package init() {}

    package subscript(kind: OutcomeKind) -> Int {
        get { numbers[Int(kind.rawValue)] }
        set { numbers[Int(kind.rawValue)] = newValue }
    }

    package mutating func add(_ outcome: Outcome) { self[outcome.kind] += 1 }

    package var online: Int {
        get { self[.online] }
        set { self[.online] = newValue }
    }
    package var offline: Int {
        get { self[.offline] }
        set { self[.offline] = newValue }
    }
    package var undisclosed: Int {
        get { self[.undisclosed] }
        set { self[.undisclosed] = newValue }
    }
    package var tryLater: Int {
        get { self[.tryLater] }
        set { self[.tryLater] = newValue }
    }
    package var unavailable: Int {
        get { self[.unavailable] }
        set { self[.unavailable] = newValue }
    }
    package var unknown: Int {
        get { self[.unknown] }
        set { self[.unknown] = newValue }
    }
    package var notReturned: Int {
        get { self[.notReturned] }
        set { self[.notReturned] = newValue }
    }
    package var failed: Int {
        get { self[.failed] }
        set { self[.failed] = newValue }
    }
    package var notAsked: Int {
        get { self[.notAsked] }
        set { self[.notAsked] = newValue }
    }

    /// The counts with their names in a snapshot, in its order.
    package var byName: [(name: String, value: Int)] { OutcomeKind.allCases.map { ($0.name, self[$0]) } }

    package var total: Int { numbers.reduce(0, +) }

    /// Ids without a definite answer.
    package var unresolved: Int { OutcomeKind.allCases.reduce(0) { $0 + ($1.isDefinite ? 0 : self[$1]) } }
}

extension Counts {
    /// Whether a count is shown to users even if it is 0.
    package static func isAlwaysShown(_ name: String) -> Bool {
        ["online", "offline", "undisclosed", "unavailable"].contains(name)
    }
}
