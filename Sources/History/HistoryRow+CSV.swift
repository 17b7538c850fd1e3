import Formats
package import Model

/// A row of `history.csv`.
extension HistoryRow {
    package static let columns = [
        "run_id", "started_at", "finished_at", "complete", "source", "unique", "online", "offline", "undisclosed",
        "try_later", "unavailable", "unresolved", "online_percent", "unavailable_percent", "subscribers_count",
        "account_id", "account_name",
    ]

    /// Reads the fields of a row back; nil if they are not those of a run.
    package init?(fields: [String]) {
        guard fields.count == Self.columns.count, let run = RunID(directoryName: fields[0]),
            run.description == fields[0], let started = Timestamp(fields[1]), let finished = Timestamp(fields[2]),
            let complete = Bool(fields[3])
        else { return nil }
        let numbers = fields[5...11].compactMap { Int($0) }.filter(RunSummary.plausible.contains)
        guard numbers.count == 7, fields[14].isEmpty || Int(fields[14]) != nil else { return nil }
        self.init(
            run: run, startedAt: started, finishedAt: finished, complete: complete, source: fields[4],
            unique: numbers[0], online: numbers[1], offline: numbers[2], undisclosed: numbers[3], tryLater: numbers[4],
            unavailable: numbers[5], unresolved: numbers[6], subscribersCount: Int(fields[14]), accountID: fields[15],
            accountName: fields[16])
    }

    /// The fields as text, in the order of `columns`.
    package var fields: [String] {
        [run.description, startedAt.seconds, finishedAt.seconds, complete ? "true" : "false", source]
            + [unique, online, offline, undisclosed, tryLater, unavailable, unresolved].map(String.init)
            + [percent(online), percent(unavailable), subscribersCount.map(String.init) ?? "", accountID, accountName]
    }

    private func percent(_ part: Int) -> String { Decimal.text(Share.percent(part, of: unique), digits: 2) }
}
