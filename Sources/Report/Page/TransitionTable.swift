import Audit
import Formats
import Model

/// The number of ids for each pair of statuses in two runs, as a table with shaded cells.
struct TransitionTable: Sendable {
    struct Cell: Sendable {
        var text: String
        /// The CSS class: `stayed`, `left` (became unavailable), `returned`, `moved` or `none`.
        var kind: String
        /// From 0 to 1, by its share of the row.
        var shade: String
    }
    struct Row: Sendable {
        var name: String
        var cells: [Cell]
    }
    /// A figure with its noun.
    struct Sum: Sendable {
        var number: String
        var noun: String
    }

    let columns: [String]
    private(set) var rows: [Row]
    let sums: [Sum]

    /// Statuses that no id has or had are left out.
    init(_ moves: Transitions) {
        let kinds = OutcomeKind.allCases
        let from = kinds.filter { kind in moves.gone[kind] > 0 || kinds.contains { moves[kind, $0] > 0 } }
        let to = kinds.filter { kind in moves.new[kind] > 0 || kinds.contains { moves[$0, kind] > 0 } }
        columns = to.map { Audit.label($0.name) } + ["gone"]
        rows = from.map { kind in
            let numbers = to.map { moves[kind, $0] } + [moves.gone[kind]]
            return Row(
                name: Audit.label(kind.name),
                cells: Self.cells(numbers, kinds: to.map { Self.move(from: kind, to: $0) } + ["moved"]))
        }
        let new = to.map { moves.new[$0] }
        if moves.new.total > 0 {
            let cells = Self.cells(new, kinds: to.map { _ in "moved" }) + [Cell(text: "", kind: "none", shade: "0")]
            rows.append(Row(name: "new", cells: cells))
        }
        sums = [
            Sum(number: moves.becameUnavailable.grouped, noun: "became unavailable"),
            Sum(number: moves.recovered.grouped, noun: "recovered"),
            Sum(number: moves.new.total.grouped, noun: "new in the list"),
            Sum(number: moves.gone.total.grouped, noun: "gone from the list"),
        ]
    }

    private static func move(from: OutcomeKind, to: OutcomeKind) -> String {
        if from == to { return "stayed" }
        if to == .unavailable, from.isReachable { return "left" }
        return from == .unavailable && to.isReachable ? "returned" : "moved"
    }

    private static func cells(_ numbers: [Int], kinds: [String]) -> [Cell] {
        let whole = numbers.reduce(0, +)
        return zip(numbers, kinds).map { number, kind in
            // The square root, so that a small share is visible too.
            let part = Share.percent(number, of: whole) / 100
            return Cell(
                text: number == 0 ? "·" : number.grouped, kind: number == 0 ? "none" : kind,
                shade: DecimalText.text(part.squareRoot(), digits: 3))
        }
    }
}
