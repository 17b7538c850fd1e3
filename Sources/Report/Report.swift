package import Audit
import Formats
package import Model
import Mustache

/// The history of one source and account as one self-contained web page.
///
/// The template renders the stored properties.
package struct HistoryPage {
    /// The data of a page.
    package struct Input {
        /// Every known run, in any order, including runs of other sources and accounts.
        package var rows: [HistoryRow]
        /// The newest snapshot that can be read.
        package var newest: RunSummary?
        /// The newest snapshot compared with the one before; nil if its rows cannot be read.
        package var audit: Audit?
        package var gates: [Gate] = []
        package var gateResults: [GateResult] = []
        /// The URLs of the existing snapshots by run id, relative to the page or absolute.
        package var links: [String: String] = [:]
        /// Warnings for the reader of the page, one sentence each.
        package var warnings: [String] = []
        package var madeAt: Timestamp
        package var toolVersion: String

        package init(rows: [HistoryRow], madeAt: Timestamp, toolVersion: String) {
            self.rows = rows
            self.madeAt = madeAt
            self.toolVersion = toolVersion
        }
    }

    struct GateLine: Sendable {
        var sentence: String
        var isTripped: Bool
    }

    let account: String
    let source: String
    let headline: PageHeadline
    let warnings: [String]
    let gates: [GateLine]
    let charts: [TimeChart]
    let heatMap: OnlineHeatMap
    let comparison: String
    let transitions: TransitionTable?
    let recency: RecencyChart?
    let coverage: CoverageBar?
    let card: AccountCard?
    let runs: RunsTable
    let madeAt: String
    let toolVersion: String

    /// Nil if there is no run.
    package init?(_ input: Input) {
        let all = RunSeries(input.rows).rows
        guard let newest = all.last else { return nil }
        let series = RunSeries(all.filter { $0.continues(newest) })
        let earlier =
            input.audit.flatMap { $0.run.run.id == newest.run ? $0.against : nil }.map { HistoryRow($0) }
            ?? series.rows.last { $0.complete && $0.run.description < newest.run.description }
        account = newest.accountName.isEmpty ? newest.source : newest.accountName
        source = newest.source
        headline = PageHeadline(newest, against: earlier)
        let others = all.count - series.rows.count
        warnings =
            input.warnings
            + (others == 0
                ? []
                : ["\(others.counted("run")) of another source or account \(others == 1 ? "is" : "are") left out here."])
        gates = input.gateResults.map { GateLine(sentence: $0.sentence, isTripped: $0.isTripped) }
        let limits = input.gates.compactMap { gate in gate.unavailableLimit.map { (percent: $0, text: gate.text) } }
        charts = [UnavailableChart.chart(series, limits: limits), StatusAreaChart.chart(series)].compactMap { $0 }
        heatMap = OnlineHeatMap(series)
        comparison = Self.comparison(input)
        transitions = input.audit?.transitions.map(TransitionTable.init)
        recency = input.audit.map { RecencyChart($0.recency) }
        coverage = input.audit.flatMap(CoverageBar.init)
        card = input.newest.map(AccountCard.init)
        runs = RunsTable(series, links: input.links)
        madeAt = input.madeAt.dayAndTime
        toolVersion = input.toolVersion
    }

    /// The style sheet is embedded, since the page loads nothing.
    let style = String(decoding: PackageResources.style_css, as: UTF8.self)

    private static func comparison(_ input: Input) -> String {
        guard let audit = input.audit else {
            return "No snapshot has rows that can be read, so the changes are not known."
        }
        let run = "Run \(audit.run.run.id) of \(audit.run.run.startedAt.dayAndTime) UTC"
        guard let against = audit.against else { return run + " has no earlier successful run to compare with." }
        return run + " against \(against.run.id) of \(against.run.startedAt.dayAndTime) UTC."
    }

    /// The page in UTF-8. The same input gives the same bytes.
    ///
    /// - Throws: what parsing the template throws.
    package func html() throws -> [UInt8] {
        MustacheContentTypes.register(HTMLEscaping(), named: HTMLEscaping.name)
        let template = try MustacheTemplate(string: String(decoding: PackageResources.report_mustache, as: UTF8.self))
        return Array(template.render(self).utf8)
    }
}
