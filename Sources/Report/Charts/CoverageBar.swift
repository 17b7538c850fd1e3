import Audit
import Formats
import Model

/// A bar: the list against Viber's own count of subscribers.
struct CoverageBar: Sendable {
    static let width = 1_000.0

    let sentence: String
    /// Ends of the bars of those that can be reached, and of the whole list; and where Viber's count is.
    let reachable: String
    let listed: String
    let subscribers: String
    let subscribersPercent: String
    /// What the whole width stands for.
    let whole: String
    let label: String
    let table: PageTable

    /// Nil if Viber gave no count.
    init?(_ audit: Audit) {
        guard let coverage = audit.coverage else { return nil }
        let ids = audit.run.source.unique
        let able = OutcomeKind.allCases.reduce(0) { $0 + ($1.isReachable ? audit.run.counts[$1] : 0) }
        let most = max(ids, coverage.subscribers)
        let lengths = Scale(low: 0, high: Double(most), length: Self.width)
        reachable = SVGPath.number(lengths.place(Double(able)))
        listed = SVGPath.number(lengths.place(Double(ids)))
        subscribers = SVGPath.number(lengths.place(Double(coverage.subscribers)))
        subscribersPercent = DecimalText.text(Share.percent(coverage.subscribers, of: most), digits: 2)
        whole = String(most)
        sentence =
            "Viber counts \(coverage.subscribers.counted("subscriber")). The list has "
            + "\(PageFigures.percent(coverage.listedPercent)) of that, and "
            + "\(PageFigures.percent(coverage.reachablePercent)) can be reached."
        label = "Bar: " + sentence
        table = PageTable(
            caption: "The list and Viber's count", head: ["", "number", "% of Viber's count"],
            rows: [
                ("Viber's count of subscribers", coverage.subscribers), ("ids in the list", ids),
                ("of them online, offline or undisclosed", able),
            ].map { name, number in
                PageTable.Row(
                    name: name,
                    cells: [
                        number.grouped, DecimalText.text(Share.percent(number, of: coverage.subscribers), digits: 2),
                    ])
            })
    }
}
