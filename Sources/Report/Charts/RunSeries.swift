import Audit
import Model

/// Runs of one source and account in the order of time, and the gaps between them.
struct RunSeries: Sendable {
    let rows: [HistoryRow]
    /// The median of the times between two runs, in milliseconds; nil for fewer than two.
    let medianInterval: Double?

    init(_ rows: [HistoryRow]) {
        self.rows = rows.sorted { ($0.startedAt, $0.run.description) < ($1.startedAt, $1.run.description) }
        let intervals = zip(self.rows, self.rows.dropFirst()).map(Self.interval).sorted()
        let middle = intervals.count / 2
        medianInterval =
            intervals.isEmpty
            ? nil : intervals.count % 2 == 1 ? intervals[middle] : (intervals[middle - 1] + intervals[middle]) / 2
    }

    /// So much more than the usual time between two runs is a gap, over which no line is drawn.
    static let gap = 2.5

    /// The runs that lie between gaps, of those that are wanted.
    func segments(where isWanted: (HistoryRow) -> Bool = { _ in true }) -> [[HistoryRow]] {
        var segments: [[HistoryRow]] = []
        for row in rows where isWanted(row) {
            if let last = segments.last?.last, !isGap(last, row) {
                segments[segments.count - 1].append(row)
            } else {
                segments.append([row])
            }
        }
        return segments
    }

    /// The pairs of runs between which there is a gap.
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
    /// Unavailable ids: at least those that are known to be, at most those without an answer too.
    var unavailableBounds: Bounds { Bounds(least: unavailable, most: unavailable + unresolved) }
    /// Ids with a definite answer.
    var answered: Int { unique - unresolved }

    /// Whether both may belong to one history: of one source, and of one account as far as it is known.
    func continues(_ other: HistoryRow) -> Bool {
        source == other.source
            && (accountID == other.accountID || accountID.isEmpty || other.accountID.isEmpty)
    }
}
