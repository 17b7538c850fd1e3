import Formats
import Model

/// A count of a run, its share of the ids, and the change of both since the earlier run.
package struct AuditMetric: Sendable, Equatable {
    /// The name of the count in a snapshot.
    package var name: String
    package var ids: Int
    /// Percent of the run's ids.
    package var percent: Double
    /// In ids; nil without an earlier run.
    package var change: Int?
    /// In percentage points; nil without an earlier run.
    package var points: Double?
}

/// The list compared with Viber's own count of subscribers.
package struct Coverage: Sendable, Equatable {
    /// `subscribers_count` of the account.
    package var subscribers: Int
    /// Ids in the list, in percent of `subscribers`.
    package var listedPercent: Double
    /// Ids that are online, offline or undisclosed, in percent of `subscribers`.
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

    /// Nil if Viber reported no count, or 0.
    package var coverage: Coverage? {
        guard let subscribers = run.account?.subscribersCount, subscribers > 0 else { return nil }
        let reachable = OutcomeKind.allCases.reduce(0) { $0 + ($1.isReachable ? run.counts[$1] : 0) }
        return Coverage(
            subscribers: subscribers, listedPercent: Share.percent(run.source.unique, of: subscribers),
            reachablePercent: Share.percent(reachable, of: subscribers))
    }
}
