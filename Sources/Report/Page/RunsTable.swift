import Formats
import Model

/// All runs, the newest first, with a link to the snapshot if it still exists.
struct RunsTable: Sendable {
    struct Row: Sendable {
        var run: String
        var link: String?
        var started: String
        var isIncomplete: Bool
        var ids: String
        var online: String
        var offline: String
        var undisclosed: String
        var unavailable: String
        var unresolved: String
        var percent: String
    }

    let rows: [Row]
    let summary: String

    init(_ series: RunSeries, links: [String: String]) {
        rows = series.rows.reversed().map { row in
            Row(
                run: row.run.description, link: links[row.run.description], started: row.startedAt.dayAndTime,
                isIncomplete: !row.complete, ids: row.unique.grouped, online: row.online.grouped,
                offline: row.offline.grouped, undisclosed: row.undisclosed.grouped,
                unavailable: row.unavailable.grouped, unresolved: row.unresolved.grouped,
                percent: DecimalText.text(Share.percent(row.unavailable, of: row.unique), digits: 2))
        }
        let (incomplete, gone) = (rows.count { $0.isIncomplete }, rows.count { $0.link == nil })
        summary =
            rows.count.counted("run") + (incomplete > 0 ? ", \(incomplete.grouped) incomplete" : "")
            + (gone > 0 ? "; \(gone.grouped) without a snapshot, known from history.csv" : "") + "."
    }
}
