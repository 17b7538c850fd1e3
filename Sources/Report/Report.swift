package import Audit
import Formats
package import Model
import Mustache

/// The history of one source and account as one web page that needs nothing beside it.
///
/// The stored properties are what the template is handed.
package struct HistoryPage {
    /// What a page is made of.
    package struct Input {
        /// Every run that is known, in any order, also of other sources and accounts.
        package var rows: [HistoryRow]
        /// The newest snapshot that can be read.
        package var newest: RunSummary?
        /// That snapshot against the one before; nil if its rows cannot be read.
        package var audit: Audit?
        package var gates: [Gate] = []
        package var gateResults: [GateResult] = []
        /// Where the snapshots are that are still there, by run id, as a browser finds them from the page.
        package var links: [String: String] = [:]
        /// What a reader of the page should know; each a sentence.
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
    package init?(_ material: Input) {
        let all = RunSeries(material.rows).rows
        guard let newest = all.last else { return nil }
        let series = RunSeries(all.filter { $0.continues(newest) })
        let earlier =
            material.audit.flatMap { $0.run.run.id == newest.run ? $0.against : nil }.map { HistoryRow($0) }
            ?? series.rows.last { $0.complete && $0.run.description < newest.run.description }
        account = newest.accountName.isEmpty ? newest.source : newest.accountName
        source = newest.source
        headline = PageHeadline(newest, against: earlier)
        let others = all.count - series.rows.count
        warnings =
            material.warnings
            + (others == 0
                ? []
                : ["\(others.counted("run")) of another source or account \(others == 1 ? "is" : "are") left out here."])
        gates = material.gateResults.map { GateLine(sentence: $0.sentence, isTripped: $0.isTripped) }
        let limits = material.gates.compactMap { gate in gate.unavailableLimit.map { (percent: $0, text: gate.text) } }
        charts = [UnavailableChart.chart(series, limits: limits), StatusAreaChart.chart(series)].compactMap { $0 }
        heatMap = OnlineHeatMap(series)
        comparison = Self.comparison(material)
        transitions = material.audit?.transitions.map(TransitionTable.init)
        recency = material.audit.map { RecencyChart($0.recency) }
        coverage = material.audit.flatMap(CoverageBar.init)
        card = material.newest.map(AccountCard.init)
        runs = RunsTable(series, links: material.links)
        madeAt = material.madeAt.dayAndTime
        toolVersion = material.toolVersion
    }

    /// The style sheet stands in the page, which loads nothing.
    let style = String(decoding: PackageResources.style_css, as: UTF8.self)

    private static func comparison(_ material: Input) -> String {
        guard let audit = material.audit else {
            return "There is no snapshot whose rows can be read, so it is not known who came and went."
        }
        let run = "Run \(audit.run.run.id) of \(audit.run.run.startedAt.dayAndTime) UTC"
        guard let against = audit.against else { return run + " has no earlier successful run to be compared with." }
        return run + " against \(against.run.id) of \(against.run.startedAt.dayAndTime) UTC."
    }

    /// The same material gives the same bytes.
    package func html() throws -> [UInt8] {
        MustacheContentTypes.register(PageText(), named: PageText.name)
        let template = try MustacheTemplate(string: String(decoding: PackageResources.report_mustache, as: UTF8.self))
        return Array(template.render(self).utf8)
    }
}
