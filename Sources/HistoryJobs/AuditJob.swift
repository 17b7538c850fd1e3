package import Audit
import Model
package import Snapshots

/// Compares a run with an earlier one, and evaluates gates.
package struct AuditJob: Sendable {
    /// The run as the user names it; nil for the newest one.
    package var run: String?
    /// The run to compare with; nil for the last successful one before it.
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

        /// The gates to report: they trip, or need an earlier run that does not exist.
        package var notable: [GateResult] {
            gates.filter { $0.isTripped || $0.gate.comparesRuns && audit.against == nil }
        }
    }

    /// Reads the runs and compares them.
    ///
    /// - Parameters:
    ///   - runs: the published runs.
    ///   - visit: receives each id of the list, in the order of `Audit`.
    /// - Returns: the figures, and the result of each gate.
    /// - Throws: `NoSuchRun`, `DamagedSnapshot`, `AuditRefusal`, what else reading snapshots throws, and what `visit`
    ///   throws.
    package func run(_ runs: PublishedRuns, visit: (AuditedID) throws -> Void) throws -> Result {
        guard let subject = try run.map(runs.named) ?? runs.newest else {
            if let damaged = runs.unusable.first(where: \.isDamaged) { throw DamagedSnapshot(damaged.errorMessage) }
            throw NoSuchRun("nothing to audit", runs: runs)
        }
        let earlier = try against.map(runs.named) ?? runs.earlier(than: subject)
        try check(runs, subject.summary, earlier?.summary)
        if let list, list.comparesRuns, earlier == nil {
            throw NoSuchRun(
                "--list \(list.rawValue) compares two runs, and there is no earlier successful run", runs: runs)
        }
        let audit = try Audit(of: AuditedRun(subject), against: earlier.map(AuditedRun.init)) { subscriber in
            if let list, list.contains(subscriber) { try visit(subscriber) }
        }
        return Result(audit: audit, gates: gates.map { $0.result(for: audit.run, against: audit.against) })
    }

    /// Checks that no unusable run may be the run to audit or to compare with, unless the user has named these.
    ///
    /// Figures leave out a copy or a run that started in the future. Gates and lists lead to decisions, so they are
    /// refused.
    private func check(_ runs: PublishedRuns, _ subject: RunSummary, _ earlier: RunSummary?) throws {
        let start = subject.run.startedAt
        var inReach: [UnusableRun] = []
        if run == nil { inReach += runs.unusable.filter { $0.startedAt >= start } }
        if let damaged = inReach.first(where: \.isDamaged) { throw DamagedSnapshot(damaged.errorMessage) }
        let isDecided = !gates.isEmpty || list != nil
        guard isDecided else { return }
        let isCompared = gates.contains(where: \.comparesRuns) || list?.comparesRuns == true
        if isCompared, against == nil {
            func isBetween(_ time: Timestamp) -> Bool {
                time <= start && earlier.map { time >= $0.run.startedAt } ?? true
            }
            inReach += runs.unusable.filter { isBetween($0.startedAt) }
            for other in runs.snapshots.map(\.summary) where isBetween(other.run.startedAt) {
                try checkIdentity(of: other, with: subject, earlier)
            }
        }
        if let run = inReach.worst { throw run.error(else: AuditRefusal.init) }
    }

    private func checkIdentity(
        of other: RunSummary, with subject: RunSummary, _ earlier: RunSummary?
    ) throws(AuditRefusal) {
        guard other.hasSameSource(as: subject), other.hasSameAccount(as: subject) else {
            let position = earlier.map { "between the compared runs \($0.run.id) and" } ?? "before run"
            throw AuditRefusal(
                "run \(other.run.id), \(position) \(subject.run.id), is of another source or account. "
                    + "Name the run to compare with: --against RUN")
        }
    }
}

/// The reason for which gates are not evaluated and no ids are listed.
package struct AuditRefusal: Error, Sendable, CustomStringConvertible {
    package let description: String

    init(_ reason: String) { description = "no audit: " + reason }
}
