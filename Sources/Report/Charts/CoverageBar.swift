import Audit
import Formats
import Model

/// A bar that compares the list with Viber's own count of subscribers.
struct CoverageBar: Sendable {
    static let width = 1_000.0

    let sentence: String
    /// The ends of the bars of the reachable ids and of the whole list, and the position of Viber's count.
    let reachable: String
    let listed: String
    let subscribers: String
    let subscribersPercent: String
    /// The number of ids of a bar with the full width.
    let whole: String
    let label: String
    let table: PageTable

    /// Nil if Viber reported no count.
    init?(_ audit: Audit) {
        guard let coverage = audit.coverage else { return nil }
        let ids = audit.run.source.unique
        let reachableIDs = OutcomeKind.allCases.reduce(0) { $0 + ($1.isReachable ? audit.run.counts[$1] : 0) }
        let most = max(ids, coverage.subscribers)
        let lengths = Scale(low: 0, high: Double(most), length: Self.width)
        reachable = SVGPath.number(lengths.position(Double(reachableIDs)))
        listed = SVGPath.number(lengths.position(Double(ids)))
        subscribers = SVGPath.number(lengths.position(Double(coverage.subscribers)))
        subscribersPercent = DecimalText.text(Share.percent(coverage.subscribers, of: most), digits: 2)
        whole = String(most)
        sentence =
            "Viber counts \(coverage.subscribers.counted("subscriber")). The list has "
            + "\(NumberFormat.percent(coverage.listedPercent)) of that number, and "
            + "\(NumberFormat.percent(coverage.reachablePercent)) can be reached."
        label = "Bar: " + sentence
        table = PageTable(
            caption: "The list and Viber's count", head: ["", "number", "% of Viber's count"],
            rows: [
                ("Viber's count of subscribers", coverage.subscribers), ("ids in the list", ids),
                ("of these online, offline or undisclosed", reachableIDs),
            ].map { name, number in
                PageTable.Row(
                    name: name,
                    cells: [
                        number.grouped, DecimalText.text(Share.percent(number, of: coverage.subscribers), digits: 2),
                    ])
            })
    }
}
