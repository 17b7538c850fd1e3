import Files
import Model

/// `history.csv`: one row a run, plain, made to be linked from a spreadsheet.
enum History {
    static let columns = [
        "run_id", "started_at", "finished_at", "complete", "source", "unique", "online", "offline", "undisclosed",
        "try_later", "unavailable", "unresolved", "online_percent", "unavailable_percent", "subscribers_count",
        "account_id", "account_name",
    ]

    /// Adds the run's row, in place of an earlier one of the same run. Rows of other runs stay as they are.
    static func record(_ summary: RunSummary, in path: String) throws {
        var content = CSVText.record(columns)
        if Directories.exists(path) {
            var records = RecordReader(try InputFile(opening: path), delimiter: UInt8(ascii: ","))
            while try records.next() {
                let fields = (0..<records.fieldCount).map { String(decoding: records.field($0), as: UTF8.self) }
                guard let first = fields.first, RunID(directoryName: first) != nil,
                    first != summary.run.id.description
                else { continue }
                content += CSVText.record(fields)
            }
        }
        content += CSVText.record(row(summary))
        try Directories.replaceFile(path, content: content)
    }

    static func row(_ summary: RunSummary) -> [String] {
        let counts = summary.counts
        let numbers = [
            summary.source.unique, counts.online, counts.offline, counts.undisclosed, counts.tryLater,
            counts.unavailable, counts.unresolved,
        ]
        return [
            summary.run.id.description, summary.run.startedAt.seconds, summary.run.finishedAt.seconds,
            summary.run.complete ? "true" : "false", summary.source.name,
        ] + numbers.map(String.init) + [
            percent(counts.online, of: summary.source.unique), percent(counts.unavailable, of: summary.source.unique),
            summary.account?.subscribersCount.map(String.init) ?? "", summary.account?.id ?? "",
            summary.account?.name ?? "",
        ]
    }

    private static func percent(_ part: Int, of whole: Int) -> String {
        Decimal.text(whole == 0 ? 0 : Double(part) * 100 / Double(whole), digits: 2)
    }
}
