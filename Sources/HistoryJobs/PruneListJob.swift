package import Audit
package import Snapshots

/// Makes the list of ids that have been unavailable for long.
package struct PruneListJob: Sendable {
    package var rules: PruneList.Rules

    package init(rules: PruneList.Rules) { self.rules = rules }

    /// Makes the list.
    ///
    /// - Parameter runs: the published runs.
    /// - Returns: the list.
    /// - Throws: `NoSuchRun`, `PruneRefusal`, `DamagedSnapshot`, and what else reading snapshots throws.
    package func run(_ runs: PublishedRuns) throws -> PruneList {
        guard !runs.snapshots.isEmpty || !runs.unusable.isEmpty else { throw NoSuchRun("no prune list", runs: runs) }
        return try PruneList(from: runs.snapshots.map(AuditedRun.init), unusable: runs.unusable, rules: rules)
    }
}
