package import Audit
package import Snapshots

/// Ids that have been unavailable for long.
package struct PruneListJob: Sendable {
    package var rules: PruneList.Rules

    package init(rules: PruneList.Rules) { self.rules = rules }

    /// - Throws: `NoSuchRun`, `PruneRefusal`, and what reading snapshots throws.
    package func run(_ runs: PublishedRuns) throws -> [PruneList.Entry] {
        guard !runs.snapshots.isEmpty else { throw NoSuchRun("no prune list", runs: runs) }
        return try PruneList(from: runs.snapshots.map(AuditedRun.init), rules: rules).entries
    }
}
