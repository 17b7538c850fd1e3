import Formats
package import Model

// Compares snapshots. Takes summaries as values and rows as closures, so it does not depend on files.

/// The figures of a run, and what changed since an earlier run if there is one.
package struct Audit: Sendable {
    package let run: RunSummary
    package let against: RunSummary?
    package private(set) var recency = Recency()
    /// Nil without an earlier run.
    package private(set) var transitions: Transitions?

    /// Reads the rows of each run once. The ids of the earlier run are held in memory, about 40 bytes each.
    ///
    /// - Parameters:
    ///   - run: the run to audit.
    ///   - earlier: the run to compare with; nil for none.
    ///   - visit: receives every id of both runs: first the ids of the run, in its order, then the ids that only the
    ///     earlier run has, in its order.
    /// - Throws: what reading rows and `visit` throw.
    package init(
        of run: AuditedRun,
        against earlier: AuditedRun?,
        visit: (AuditedID) throws -> Void = { _ in }
    ) throws {
        self.run = run.summary
        against = earlier?.summary
        guard let earlier else {
            try run.rows { id, outcome in
                recency.add(outcome)
                try visit(AuditedID(id: id, previousKind: nil, outcome: outcome))
            }
            return
        }
        var ids = IDTable(capacity: earlier.summary.source.unique)
        var kinds: [OutcomeKind?] = []
        kinds.reserveCapacity(min(earlier.summary.source.unique, IDTable.maxReservedCapacity))
        try earlier.rows { id, outcome in if ids.insert(id).isInserted { kinds.append(outcome.kind) } }
        var moves = Transitions()
        try run.rows { id, outcome in
            recency.add(outcome)
            var previousKind: OutcomeKind?
            if let number = ids.index(of: id), let kind = kinds[number] {
                previousKind = kind
                kinds[number] = nil  // found again
                moves[kind, outcome.kind] += 1
            } else {
                moves.new.add(outcome)
            }
            try visit(AuditedID(id: id, previousKind: previousKind, outcome: outcome))
        }
        for (number, kind) in kinds.enumerated() {
            guard let kind else { continue }
            moves.gone[kind] += 1
            try visit(AuditedID(id: ids[number], previousKind: kind, outcome: nil))
        }
        transitions = moves
    }
}

/// One id in two runs.
package struct AuditedID {
    package var id: ArraySlice<UInt8>
    /// Its outcome in the earlier run; nil if that run does not have it.
    package var previousKind: OutcomeKind?
    /// Its outcome in the run; nil if the run does not have it.
    package var outcome: Outcome?
}
