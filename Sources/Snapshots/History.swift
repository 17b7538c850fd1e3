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
    ///
    /// A file of that name that is no history (saved by a spreadsheet with `;`, say) is moved aside and never lost; then
    /// the result is a sentence that says so.
    static func record(_ summary: RunSummary, in path: String) throws -> String? {
        var rows: [UInt8]? = []
        if Directories.exists(path) { rows = try otherRows(than: summary.run.id, in: path) }
        var sentence: String?
        if rows == nil {
            let aside = path + ".before-" + summary.run.id.description
            try Directories.rename(path, to: aside)
            sentence = "\(path) was no history as this program writes it; it is now \(aside), and a new one was begun"
        }
        try Directories.replaceFile(
            path, content: CSVText.record(columns) + (rows ?? []) + CSVText.record(row(summary)))
        return sentence
    }

    /// The rows of other runs as they stand; nil if the file is no history.
    private static func otherRows(than run: RunID, in path: String) throws -> [UInt8]? {
        var records = RecordReader(try InputFile(opening: path), delimiter: UInt8(ascii: ","))
        var rows: [UInt8] = []
        do {
            while try records.next() {
                let fields = (0..<records.fieldCount).map { records.field($0) }
                if records.line == 1 {
                    guard fields.map({ String(decoding: $0, as: UTF8.self) }) == columns else { return nil }
                } else if !fields[0].elementsEqual(run.description.utf8) {
                    rows += CSVText.record(fields)
                }
                guard records.problem == nil else { return nil }
            }
        } catch is UnterminatedQuote {
            return nil
        }
        return rows
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
