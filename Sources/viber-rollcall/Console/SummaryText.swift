import Formats
import Model
import Snapshots

/// The summary of a run as text.
struct SummaryText: CustomStringConvertible {
    let description: String

    init(_ published: PublishedSnapshot) {
        let summary = published.summary
        let source = summary.source
        var lines = ["Run \(summary.run.id) is \(summary.run.complete ? "complete" : "INCOMPLETE")"]
        var read = "\(SanitizedText(source.name)): \(source.rowsRead.counted("row")), \(source.unique.counted("id"))"
        if source.duplicates > 0 { read += ", \(source.duplicates.counted("duplicate"))" }
        for rejected in source.rejected { read += ", \(rejected.rows.grouped) rejected (\(rejected.reason))" }
        lines.append("  source       " + read)
        lines.append("  account      " + Self.account(summary))
        for (name, value) in summary.counts.byName where value > 0 || Counts.isAlwaysShown(name) {
            let label = (name.replacing("_", with: " ") + String(repeating: " ", count: 13)).prefix(13)
            let share = Share.percent(value, of: source.unique)
            lines.append(
                "  \(label)" + Self.right(value.grouped, 10) + Self.right(DecimalText.text(share, digits: 1), 7) + " %")
        }
        lines.append(
            "  api          \(summary.api.requests.counted("request")), \(summary.api.retries.grouped) retried, "
                + "\(summary.api.throttled.grouped) throttled, \(DecimalText.text(summary.timing.total, digits: 1)) s")
        lines.append("  snapshot     " + published.path)
        description = lines.joined(separator: "\n") + "\n"
    }

    private static func account(_ summary: RunSummary) -> String {
        guard let account = summary.account else { return "unknown: \(summary.accountError ?? "no answer")" }
        var text = SanitizedText(account.name ?? "without a name").description
        if let id = account.id { text += " (\(SanitizedText(id)))" }
        if let count = account.subscribersCount { text += ", \(count.counted("subscriber")) by Viber's own count" }
        return text
    }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(width - text.count, 0)) + text
    }
}
