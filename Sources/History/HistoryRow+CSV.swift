import Formats
package import Model

/// Rows of `history.csv`.
extension HistoryRow {
    static let runColumn = "run_id"

    package static let columns = [
        runColumn, "started_at", "finished_at", "complete", "source", "unique", "online", "offline", "undisclosed",
        "try_later", "unavailable", "unresolved", "online_percent", "unavailable_percent", "subscribers_count",
        "account_id", "account_name",
    ]

    /// Reads the cells of a row, by the names of their columns; nil if they are not those of a run.
    ///
    /// Cells that a spreadsheet rewrote or the user removed are derived from the others: times from the run id,
    /// `complete` from the number of unresolved ids, and one missing count from the other counts.
    init?(cells: [String: String]) {
        func cell(_ name: String) -> String { (cells[name] ?? "").trimmingBlanks }
        let name = cell(Self.runColumn)
        guard let run = RunID(directoryName: name), run.description == name,
            let started = Timestamp(cell("started_at")) ?? run.startedAt
        else { return nil }
        guard let counts = Self.counts(cell) else { return nil }
        let complete = ["true": true, "false": false][cell("complete").lowercased()]
        self.init(
            run: run, startedAt: started, finishedAt: Timestamp(cell("finished_at")) ?? started,
            complete: complete ?? (counts[5] == 0), source: Self.text(cells["source"] ?? ""),
            unique: counts[0], online: counts[1], offline: counts[2], undisclosed: counts[3],
            tryLater: Self.count(cell("try_later")) ?? 0,
            unavailable: counts[4], unresolved: counts[5], subscribersCount: Int(cell("subscribers_count")),
            accountID: Self.text(cells["account_id"] ?? ""), accountName: Self.text(cells["account_name"] ?? ""))
    }

    /// The first count is the sum of the others.
    private static let countColumns = ["unique", "online", "offline", "undisclosed", "unavailable", "unresolved"]

    /// The numbers of `countColumns`; nil if more than one is missing, or one is not a valid count.
    private static func counts(_ cell: (String) -> String) -> [Int]? {
        var counts = countColumns.map { count(cell($0)) }
        guard zip(countColumns, counts).allSatisfy({ $1 != nil || cell($0).isEmpty }) else { return nil }
        let parts = counts[1...].compactMap { $0 }
        let sum = parts.reduce(0, +)
        if counts[0] == nil, parts.count == 5 { counts[0] = sum }
        if let whole = counts[0], let missing = counts.firstIndex(of: nil), whole >= sum {
            counts[missing] = whole - sum
        }
        let known = counts.compactMap { $0 }
        return known.count == counts.count ? known : nil
    }

    private static func count(_ cell: String) -> Int? {
        // Programs without an integer type for columns write 250.0.
        (Int(cell) ?? Double(cell).flatMap(Int.init(exactly:))).flatMap { RunSummary.plausible.contains($0) ? $0 : nil }
    }

    /// The cells that this program writes, by the names of their columns.
    package var cells: [String: String] {
        var cells = [
            Self.runColumn: run.description, "started_at": startedAt.seconds, "finished_at": finishedAt.seconds,
            "complete": complete ? "true" : "false", "source": Self.cell(source),
            "online_percent": percent(online), "unavailable_percent": percent(unavailable),
            "subscribers_count": subscribersCount.map(String.init) ?? "", "account_id": Self.cell(accountID),
            "account_name": Self.cell(accountName),
        ]
        let counts = [unique, online, offline, undisclosed, unavailable, unresolved, tryLater]
        for (name, count) in zip(Self.countColumns + ["try_later"], counts) { cells[name] = String(count) }
        return cells
    }

    private func percent(_ part: Int) -> String { DecimalText.text(Share.percent(part, of: unique), digits: 2) }

    /// The maximum length of a text in bytes.
    private static let textLimit = 1_024

    /// A text as a cell: shortened to the limit, and with a `'` before text that a spreadsheet would run as a formula.
    static func cell(_ text: String) -> String {
        var cell = text
        if cell.utf8.count > textLimit {
            cell = String(decoding: text.utf8.prefix(textLimit), as: UTF8.self)
            // A character that was cut in half is now a replacement character.
            while cell.last == "\u{FFFD}" || cell.utf8.count > textLimit { cell.removeLast() }
        }
        return isFormula(cell) ? "'" + cell : cell
    }

    /// The text that a cell was made from.
    static func text(_ cell: String) -> String {
        let rest = cell.dropFirst()
        return cell.first == "'" && isFormula(String(rest)) ? String(rest) : cell
    }

    /// Whether a text starts like a formula, or like one escaped with `'`.
    private static func isFormula(_ text: String) -> Bool {
        guard let first = text.utf8.first(where: { $0 != UInt8(ascii: "'") }) else { return false }
        return "=+-@\t\r".utf8.contains(first)
    }
}
