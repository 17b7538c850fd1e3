import Formats
import Model

/// Stacked areas: the number of ids of each status for each run.
enum StatusAreaChart {
    /// The areas in order, from the bottom.
    enum Status: String, CaseIterable {
        case online, offline, undisclosed, unavailable, unresolved

        func count(in row: HistoryRow) -> Int {
            switch self {
            case .online: row.online
            case .offline: row.offline
            case .undisclosed: row.undisclosed
            case .unavailable: row.unavailable
            case .unresolved: row.unresolved
            }
        }
    }

    static func chart(_ series: RunSeries) -> TimeChart? {
        guard let first = series.rows.first, let newest = series.rows.last else { return nil }
        // A status that no run has is still shown if Viber documents it; `unresolved` is not.
        let statuses = Status.allCases.filter { status in
            status != .unresolved || series.rows.contains { $0.unresolved > 0 }
        }
        func total(_ row: HistoryRow, below end: Status? = nil) -> Int {
            statuses.prefix { $0 != end }.reduce(0) { $0 + $1.count(in: row) }
        }
        let highest = series.rows.map { total($0) }.max() ?? 0
        let frame = TimeFrame(series, values: ValueAxis(to: Double(highest), step: 1))
        let segments = series.segments()
        var chart = TimeChart(
            id: "statuses", title: "All ids by status",
            label:
                "Stacked areas: ids by status in \(series.rows.count.counted("run")), from \(first.startedAt.day) to "
                + "\(newest.startedAt.day). In the newest run: "
                + NumberFormat.list(statuses.map { "\($0.rawValue) \($0.count(in: newest).grouped)" }) + ".",
            axis: frame.axis(unit: "ids", label: NumberFormat.short),
            legend: statuses.reversed().map { status in
                TimeChart.Legend(
                    sign: status.rawValue, name: status.rawValue,
                    figure: NumberFormat.share(status.count(in: newest), of: newest.unique))
            },
            table: table(series, statuses))
        chart.bands = statuses.map { status in
            TimeChart.Band(
                name: status.rawValue,
                paths: segments.map { rows in
                    let points = rows.flatMap { row in
                        Self.positions(of: row, alone: rows.count == 1, in: frame).map { (row: row, x: $0) }
                    }
                    func edge(_ value: (HistoryRow) -> Int) -> [(x: Double, y: Double)] {
                        points.map { (x: $0.x, y: frame.y(Double(value($0.row)))) }
                    }
                    return SVGPath.area(
                        upper: edge { total($0, below: status) + status.count(in: $0) },
                        lower: edge { total($0, below: status) })
                })
        }
        chart.columns = frame.columns { row in
            let lines = statuses.reversed().map {
                "\($0.rawValue) \(NumberFormat.share($0.count(in: row), of: row.unique))"
            }
            return (["\(row.startedAt.dayAndTime) UTC: \(row.unique.counted("id"))"] + lines).joined(separator: "\n")
        }
        chart.gaps = frame.gaps
        return chart
    }

    /// A run without neighbours is drawn as a column, so it has two positions.
    private static func positions(of row: HistoryRow, alone: Bool, in frame: TimeFrame) -> [Double] {
        let half = frame.series.rows.count == 1 ? 40.0 : 3
        let x = frame.x(row)
        return alone ? [x - half, x + half] : [x]
    }

    private static func table(_ series: RunSeries, _ statuses: [Status]) -> PageTable {
        PageTable(
            caption: "Ids by status, newest run first", head: ["Run of (UTC)", "ids"] + statuses.map(\.rawValue),
            rows: series.rows.reversed().map { row in
                PageTable.Row(
                    name: row.startedAt.dayAndTime,
                    cells: [row.unique.grouped] + statuses.map { $0.count(in: row).grouped })
            })
    }
}
