import Audit
import Formats

/// A bar chart of when subscribers were last online.
struct RecencyChart: Sendable {
    static let width = 1_000.0

    struct Bar: Sendable {
        var name: String
        var number: String
        var percent: String
        /// The distance from the top, in bars.
        var y: String
        var width: String
        /// The CSS class: `known`, `hidden` or `none`.
        var kind: String
        var text: String
    }

    let bars: [Bar]
    let label: String
    /// The number of ids of a bar with the full width.
    let longest: String
    /// The height of the box, in bars.
    let height: String

    init(_ recency: Recency) {
        let spans = Recency.Span.allCases.filter { $0 != .noAnswer || recency[$0] > 0 }
        let most = spans.map { recency[$0] }.max() ?? 0
        let total = Recency.Span.allCases.reduce(0) { $0 + recency[$1] }
        let lengths = Scale(low: 0, high: Double(max(most, 1)), length: Self.width)
        bars = spans.enumerated().map { index, span in
            Bar(
                name: Self.name(of: span), number: recency[span].grouped,
                percent: NumberFormat.percent(recency[span], of: total), y: SVGPath.number(Double(index) + 0.2),
                width: SVGPath.number(lengths.position(Double(recency[span]))),
                kind: span == .noAnswer ? "none" : span == .hidden ? "hidden" : "known",
                text: "\(Self.name(of: span)): \(NumberFormat.share(recency[span], of: total))")
        }
        label = "Bars: when subscribers were last online. " + bars.map(\.text).joined(separator: "; ") + "."
        longest = String(max(most, 1))
        height = String(spans.count)
    }

    private static func name(of span: Recency.Span) -> String {
        switch span {
        case .day: "within a day"
        case .week: "within a week"
        case .month: "within 30 days"
        case .quarter: "within 90 days"
        case .year: "within a year"
        case .older: "longer ago"
        case .hidden: "hidden"
        case .noAnswer: "no answer"
        }
    }
}
