import Audit
import Formats

/// Bars: when subscribers were last online.
struct RecencyChart: Sendable {
    static let width = 1_000.0

    struct Bar: Sendable {
        var name: String
        var number: String
        var percent: String
        /// From the top, in bars.
        var y: String
        var width: String
        /// `known`, `hidden` or `none`: how it is drawn.
        var kind: String
        var text: String
    }

    let bars: [Bar]
    let label: String
    /// What as long a bar as there can be stands for.
    let longest: String
    /// How high the box is, in bars.
    let height: String

    init(_ recency: Recency) {
        let spans = Recency.Span.allCases.filter { $0 != .noAnswer || recency[$0] > 0 }
        let most = spans.map { recency[$0] }.max() ?? 0
        let total = Recency.Span.allCases.reduce(0) { $0 + recency[$1] }
        let lengths = Scale(low: 0, high: Double(max(most, 1)), length: Self.width)
        bars = spans.enumerated().map { place, span in
            Bar(
                name: Self.name(of: span), number: recency[span].grouped,
                percent: PageFigures.percent(recency[span], of: total), y: SVGPath.number(Double(place) + 0.2),
                width: SVGPath.number(lengths.place(Double(recency[span]))),
                kind: span == .noAnswer ? "none" : span == .hidden ? "hidden" : "known",
                text: "\(Self.name(of: span)): \(PageFigures.share(recency[span], of: total))")
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
