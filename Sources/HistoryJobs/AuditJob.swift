package import Audit
package import Snapshots

/// What became of the subscribers since an earlier run, and whether gates trip.
package struct AuditJob: Sendable {
    /// The run as a person names it; nil for the newest one.
    package var run: String?
    /// The run to compare with; nil for the complete one before.
    package var against: String?
    package var gates: [Gate]
    /// The ids to list, if any.
    package var list: IDList?

    package init(run: String?, against: String?, gates: [Gate], list: IDList?) {
        self.run = run
        self.against = against
        self.gates = gates
        self.list = list
    }

    package struct Result: Sendable {
        package var audit: Audit
        package var gates: [GateResult]

        /// Those that somebody has to look at: they trip, or compare with a run that is not there.
        package var notable: [GateResult] {
            gates.filter { $0.isTripped || $0.gate.comparesRuns && audit.against == nil }
        }
    }

    /// Reads the runs and compares them.
    ///
    /// - Parameters:
    ///   - runs: those that there are.
    ///   - visit: is handed each id of the list, in the order of `Audit`.
    /// - Returns: the figures, and what each gate says of them.
    /// - Throws: `NoSuchRun`, what reading snapshots throws, and what `visit` throws.
    package func run(_ runs: PublishedRuns, visit: (AuditedID) throws -> Void) throws -> Result {
        guard let subject = try run.map(runs.named) ?? runs.newest else {
            throw NoSuchRun("nothing to audit", runs: runs)
        }
        let earlier = try against.map(runs.named) ?? runs.earlier(than: subject)
        if let list, list.comparesRuns, earlier == nil {
            throw NoSuchRun(
                "--list \(list.rawValue) compares two runs, and there is no complete one before", runs: runs)
        }
        let audit = try Audit(of: AuditedRun(subject), against: earlier.map(AuditedRun.init)) { subscriber in
            if let list, list.holds(subscriber) { try visit(subscriber) }
        }
        return Result(audit: audit, gates: gates.map { $0.result(for: audit.run, against: audit.against) })
    }
}
