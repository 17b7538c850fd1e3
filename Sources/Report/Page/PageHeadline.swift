import Audit
import Formats
import Model

/// The summary of the newest run at the top of the page.
struct PageHeadline: Sendable {
    struct Part: Sendable {
        var name: String
        var number: String
        var percent: String
        /// The change since the earlier run; nil without one.
        var change: String?
    }

    let number: String
    /// `of 2,500 unavailable`.
    let noun: String
    /// `20.5 %, +1.2 points since 29 June`.
    let detail: String
    let parts: [Part]
    let run: String
    let isIncomplete: Bool

    init(_ newest: HistoryRow, against earlier: HistoryRow?) {
        let bounds = newest.unavailableBounds
        number =
            bounds.isExact ? bounds.least.grouped : "\(bounds.least.grouped)–\(bounds.most.grouped)"
        noun = "of \(newest.unique.grouped) unavailable"
        let range = [bounds.least, bounds.most].map { NumberFormat.percent($0, of: newest.unique) }
        let share =
            bounds.isExact ? range[0] : "at least \(range[0]), at most \(range[1])"
        detail = share + Self.change(newest, since: earlier)
        run = "\(newest.run) of \(newest.startedAt.dayAndTime) UTC"
        isIncomplete = !newest.complete
        let statuses = StatusAreaChart.Status.allCases.filter { $0 != .unresolved || newest.unresolved > 0 }
        parts = statuses.map { status in
            let count = status.count(in: newest)
            return Part(
                name: status.rawValue, number: count.grouped,
                percent: NumberFormat.percent(count, of: newest.unique),
                change: earlier.map { NumberFormat.change(count - status.count(in: $0)) })
        }
    }

    private static func change(_ newest: HistoryRow, since earlier: HistoryRow?) -> String {
        guard let earlier else { return "; there is no earlier successful run to compare with" }
        let (now, then) = (newest.startedAt, earlier.startedAt)
        let when = now.day == then.day ? then.timeOfDay + " UTC" : then.day
        let before = earlier.unavailableBounds
        guard newest.unavailableBounds.isExact, before.isExact else {
            let known = Share.percent(before.least, of: earlier.unique)
            return "; it was \(before.isExact ? "" : "at least ")\(NumberFormat.percent(known)) on \(when)"
        }
        let points =
            Share.percent(newest.unavailable, of: newest.unique)
            - Share.percent(earlier.unavailable, of: earlier.unique)
        return ", \(NumberFormat.points(points)) since \(when)"
    }
}
