import Formats
import Model

extension Audit {
    /// All figures as lines of text.
    package var text: String {
        var lines = [Self.title(run, "Run")]
        lines.append(against.map { Self.title($0, "against") } ?? "No earlier successful run to compare with")
        lines += ["", counts, "", unavailability]
        if let transitions { lines += ["", moves(transitions)] }
        lines += ["", lastOnline, covered]
        return lines.joined(separator: "\n") + "\n"
    }

    private static func title(_ run: RunSummary, _ word: String) -> String {
        "\(word) \(run.run.id) of \(run.run.startedAt.seconds), \(run.run.complete ? "complete" : "INCOMPLETE"): "
            + SanitizedText(run.source.name).description
            + (run.account?.id.map { ", account \(SanitizedText($0))" } ?? "")
    }

    private var counts: String {
        var table = TextTable([" ", "ids", "%"] + (against == nil ? [] : ["change", "points"]))
        for figure in figures
        where figure.ids > 0 || figure.change != 0
            || figure.name == "unique" || Counts.isAlwaysShown(figure.name)
        {
            var cells = [Self.label(figure.name), figure.ids.grouped, DecimalText.text(figure.percent, digits: 1)]
            if let change = figure.change, let points = figure.points {
                cells += [change.signed, (points > 0 ? "+" : "") + DecimalText.text(points, digits: 1)]
            }
            table.add(cells)
        }
        return table.text
    }

    package static func label(_ name: String) -> String { name.replacing("_", with: " ") }

    private var unavailability: String {
        let bounds = run.bounds(of: .unavailable)
        func share(_ ids: Int) -> String {
            "\(ids.grouped) (\(DecimalText.text(Share.percent(ids, of: run.source.unique), digits: 1)) %)"
        }
        let range =
            bounds.isExact ? share(bounds.least) : "at least \(share(bounds.least)), at most \(share(bounds.most))"
        return
            "Unavailable: \(range). They do not use Viber, do not subscribe to the bot or have unregistered: "
            + "the API does not say which."
    }

    private func moves(_ transitions: Transitions) -> String {
        var table = TextTable(["from \\ to"] + OutcomeKind.allCases.map { Self.label($0.name) } + ["gone"])
        for from in OutcomeKind.allCases {
            let to = OutcomeKind.allCases.map { transitions[from, $0] } + [transitions.gone[from]]
            table.add([Self.label(from.name)] + to.map { $0 == 0 ? "." : $0.grouped })
        }
        table.add(
            ["new"] + OutcomeKind.allCases.map { transitions.new[$0] == 0 ? "." : transitions.new[$0].grouped } + ["."])
        table.removeEmpty(".")
        return table.text
            + "\n\nBecame unavailable \(transitions.becameUnavailable.grouped), recovered \(transitions.recovered.grouped), "
            + "new \(transitions.new.total.grouped), gone \(transitions.gone.total.grouped)"
    }

    private var lastOnline: String {
        let parts = Recency.Span.allCases.map { span in
            let label = span.days.map { $0 == 1 ? "1 day" : "\($0) days" } ?? Self.label(span.name)
            return "\(label) \(recency[span].grouped)"
        }
        return "Last online within " + parts.joined(separator: ", ")
    }

    private var covered: String {
        guard let coverage else { return "Viber reported no subscriber count to compare with" }
        return "Viber counts \(coverage.subscribers.counted("subscriber")): the list has "
            + "\(DecimalText.text(coverage.listedPercent, digits: 1)) % of that number, and "
            + "\(DecimalText.text(coverage.reachablePercent, digits: 1)) % can be reached"
    }
}

/// Columns of text: the first is aligned left, the others right.
struct TextTable {
    private var rows: [[String]]

    init(_ header: [String]) { rows = [header] }

    mutating func add(_ cells: [String]) { rows.append(cells) }

    /// Removes rows and columns whose every cell is `nothing`, but keeps the last row and the last column.
    mutating func removeEmpty(_ nothing: String) {
        rows = rows.enumerated().filter { index, row in
            index == 0 || index == rows.count - 1 || !row.dropFirst().allSatisfy { $0 == nothing }
        }.map(\.element)
        let columns = rows[0].indices.filter { column in
            column == 0 || column == rows[0].count - 1 || !rows.dropFirst().allSatisfy { $0[column] == nothing }
        }
        rows = rows.map { row in columns.map { row[$0] } }
    }

    var text: String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).enumerated().map { index, cell in
                let padding = String(repeating: " ", count: cell.1 - cell.0.count)
                return index == 0 ? cell.0 + padding : padding + cell.0
            }
            let line = "  " + cells.joined(separator: "  ")
            return String(line[..<(line.lastIndex { $0 != " " }.map { line.index(after: $0) } ?? line.endIndex)])
        }.joined(separator: "\n")
    }
}

extension Int {
    /// The number with its sign, `+` for a positive one.
    var signed: String { (self > 0 ? "+" : "") + grouped }
}
