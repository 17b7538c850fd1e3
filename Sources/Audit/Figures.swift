import Formats
import Model

/// A count of a run, its share, and how both changed since the earlier run.
package struct AuditMetric: Sendable, Equatable {
    /// As a snapshot names the count.
    package var name: String
    package var ids: Int
    /// Percent of the run's ids.
    package var percent: Double
    /// Nil without an earlier run.
    package var change: Int?
    /// Points of percent.
    package var points: Double?
}

/// How a list compares with Viber's own count of subscribers.
package struct Coverage: Sendable, Equatable {
    /// `subscribers_count` of the account.
    package var subscribers: Int
    /// Ids in the list, in percent of that.
    package var listedPercent: Double
    /// Ids that are online, offline or undisclosed, in percent of that.
    package var reachablePercent: Double
}

extension Audit {
    /// The counts of the run, in the order of a snapshot, then `unresolved` and `unique`.
    package var figures: [AuditMetric] {
        OutcomeKind.allCases.map { kind in figure(kind.name) { $0.counts[kind] } }
            + [figure("unresolved") { $0.counts.unresolved }, figure("unique") { $0.source.unique }]
    }

    private func figure(_ name: String, _ count: (RunSummary) -> Int) -> AuditMetric {
        func percent(_ run: RunSummary) -> Double { Share.percent(count(run), of: run.source.unique) }
        return AuditMetric(
            name: name, ids: count(run), percent: percent(run), change: against.map { count(run) - count($0) },
            points: against.map { percent(run) - percent($0) })
    }

    /// Nil if Viber gave no count, or 0.
    package var coverage: Coverage? {
        guard let subscribers = run.account?.subscribersCount, subscribers > 0 else { return nil }
        let reachable = OutcomeKind.allCases.reduce(0) { $0 + ($1.isReachable ? run.counts[$1] : 0) }
        return Coverage(
            subscribers: subscribers, listedPercent: Share.percent(run.source.unique, of: subscribers),
            reachablePercent: Share.percent(reachable, of: subscribers))
    }
}
