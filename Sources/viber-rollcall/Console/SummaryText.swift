import Formats
import Model
import Snapshots

/// The summary of a run as a person reads it.
struct SummaryText: CustomStringConvertible {
    let description: String

    init(_ published: Published) {
        let summary = published.summary
        let source = summary.source
        var lines = ["Run \(summary.run.id) is \(summary.run.complete ? "complete" : "INCOMPLETE")"]
        var read = "\(SafeText(source.name)): \(source.rowsRead.of("row")), \(source.unique.of("id"))"
        if source.duplicates > 0 { read += ", \(source.duplicates.of("duplicate"))" }
        for rejected in source.rejected { read += ", \(rejected.rows.grouped) rejected (\(rejected.reason))" }
        lines.append("  source       " + read)
        lines.append("  account      " + Self.account(summary))
        for (name, value) in summary.counts.byName where value > 0 || Counts.isAlwaysShown(name) {
            let label = (name.replacing("_", with: " ") + String(repeating: " ", count: 13)).prefix(13)
            let share = Share.percent(value, of: source.unique)
            lines.append(
                "  \(label)" + Self.right(value.grouped, 10) + Self.right(Decimal.text(share, digits: 1), 7) + " %")
        }
        lines.append(
            "  api          \(summary.api.requests.of("request")), \(summary.api.retries.grouped) retried, "
                + "\(summary.api.throttled.grouped) throttled, \(Decimal.text(summary.timing.total, digits: 1)) s")
        lines.append("  snapshot     " + published.path)
        description = lines.joined(separator: "\n") + "\n"
    }

    private static func account(_ summary: RunSummary) -> String {
        guard let account = summary.account else { return "not known: \(summary.accountError ?? "no answer")" }
        var text = SafeText(account.name ?? "without a name").description
        if let id = account.id { text += " (\(SafeText(id)))" }
        if let count = account.subscribersCount { text += ", \(count.of("subscriber")) by Viber's own count" }
        return text
    }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(width - text.count, 0)) + text
    }
}
