package import Audit
package import Snapshots

/// Ids that have been unavailable for long.
package struct PruneListJob: Sendable {
    package var rules: PruneList.Rules

    package init(rules: PruneList.Rules) { self.rules = rules }

    /// - Throws: `NoSuchRun`, `PruneRefusal`, and what reading snapshots throws.
    package func run(_ runs: PublishedRuns) throws -> [PruneList.Entry] {
        guard !runs.snapshots.isEmpty else { throw NoSuchRun("no prune list", runs: runs) }
        if let run = runs.future.last {
            // It may be the newest, and have found somebody whom the others did not.
            throw PruneRefusal("run \(run) started in the future: the clock was wrong then, or is now")
        }
        return try PruneList(from: runs.snapshots.map(AuditedRun.init), rules: rules).entries
    }
}
