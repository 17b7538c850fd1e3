import Audit
import Model

/// The runs of one source and account in order of time, and the gaps between them.
struct RunSeries: Sendable {
    let rows: [HistoryRow]
    /// The median time between two consecutive runs, in milliseconds; nil for fewer than two runs.
    let medianInterval: Double?

    init(_ rows: [HistoryRow]) {
        self.rows = rows.sorted { ($0.startedAt, $0.run.description) < ($1.startedAt, $1.run.description) }
        let intervals = zip(self.rows, self.rows.dropFirst()).map(Self.interval).sorted()
        let middle = intervals.count / 2
        medianInterval =
            intervals.isEmpty
            ? nil : intervals.count % 2 == 1 ? intervals[middle] : (intervals[middle - 1] + intervals[middle]) / 2
    }

    /// Two runs that are more than this many median intervals apart have a gap between them, and no line is drawn over
    /// it.
    static let gap = 2.5

    /// The runs that match a condition, split at the gaps.
    func segments(where isIncluded: (HistoryRow) -> Bool = { _ in true }) -> [[HistoryRow]] {
        var segments: [[HistoryRow]] = []
        for row in rows where isIncluded(row) {
            if let last = segments.last?.last, !isGap(last, row) {
                segments[segments.count - 1].append(row)
            } else {
                segments.append([row])
            }
        }
        return segments
    }

    /// The pairs of consecutive runs with a gap between them.
    var gaps: [(before: HistoryRow, after: HistoryRow)] {
        zip(rows, rows.dropFirst()).filter(isGap).map { (before: $0, after: $1) }
    }

    private func isGap(_ earlier: HistoryRow, _ later: HistoryRow) -> Bool {
        Self.interval(earlier, later) > Self.gap * (medianInterval ?? 0)
    }

    private static func interval(_ earlier: HistoryRow, _ later: HistoryRow) -> Double {
        Double(later.startedAt.milliseconds) - Double(earlier.startedAt.milliseconds)
    }
}

extension HistoryRow {
    /// The least and the most ids that may be unavailable: an id without an answer may be.
    var unavailableBounds: Bounds { Bounds(least: unavailable, most: unavailable + unresolved) }
    /// Ids with a definite answer.
    var answered: Int { unique - unresolved }

    /// Whether both belong to one history: they have the same source, and the same account as far as it is known.
    func continues(_ other: HistoryRow) -> Bool {
        source == other.source
            && (accountID == other.accountID || accountID.isEmpty || other.accountID.isEmpty)
    }
}
