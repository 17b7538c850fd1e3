import Formats
package import Model

// What snapshots say when they are read one against another. Takes summaries as values and rows as closures, so that it
// knows nothing of files.

/// What became of the subscribers of a run: against an earlier run, if there is one.
package struct Audit: Sendable {
    package let run: RunSummary
    package let against: RunSummary?
    package private(set) var recency = Recency()
    /// Nil without an earlier run.
    package private(set) var transitions: Transitions?

    /// One walk over each run. The ids of the earlier one are held in memory, about 40 bytes each.
    /// `visit`: is handed every id of both runs: those of the run in its order, then those that are gone in theirs.
    /// Throws what reading rows and `visit` throw.
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
        try earlier.rows { id, outcome in if ids.insert(id).isNew { kinds.append(outcome.kind) } }
        var moves = Transitions()
        try run.rows { id, outcome in
            recency.add(outcome)
            var previousKind: OutcomeKind?
            if let number = ids.number(of: id), let kind = kinds[number] {
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
    /// Its outcome in the earlier run; nil if it was not there.
    package var previousKind: OutcomeKind?
    /// Its outcome in the run; nil if it is gone.
    package var outcome: Outcome?
}
