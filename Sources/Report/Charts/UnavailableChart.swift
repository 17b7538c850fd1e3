import Audit
import Formats
import Model

/// The share of unavailable ids for each run, and the limits that gates set for it.
enum UnavailableChart {
    /// Draws the chart.
    ///
    /// - Parameters:
    ///   - series: the runs.
    ///   - limits: the limits in percent, with the text of the gates that set them.
    /// - Returns: nil if there is no run.
    static func chart(_ series: RunSeries, limits: [(percent: Double, text: String)]) -> TimeChart? {
        guard let first = series.rows.first, let newest = series.rows.last else { return nil }
        let limits = limits.filter { $0.percent <= 100 }
        let highest = (series.rows.map { most($0) } + limits.map(\.percent)).max() ?? 0
        let frame = TimeFrame(series, values: ValueAxis(to: highest, step: 0.1))
        let isFine = frame.values.marks.contains { $0 != $0.rounded() }
        var chart = TimeChart(
            id: "unavailable", title: "The unavailable share",
            label:
                "Line: the share of unavailable ids in \(series.rows.count.counted("run")), from \(first.startedAt.day) to "
                + "\(newest.startedAt.day). First \(words(first)), last \(words(newest)).",
            axis: frame.axis(unit: "percent") { NumberFormat.percent($0, digits: isFine ? 1 : 0) },
            legend: [],
            table: table(series))
        let exact = series.segments { $0.unavailableBounds.isExact }
        chart.lines = exact.map { rows in SVGPath.line(rows.map { (x: frame.x($0), y: frame.y(least($0))) }) }
        // With many runs, only a run without neighbours gets a dot; the others are on a line.
        let dotted = series.rows.count <= 60 ? exact : exact.filter { $0.count == 1 }
        chart.dots = dotted.joined().map { row in
            TimeChart.Dot(x: SVGPath.number(frame.x(row)), y: SVGPath.number(frame.y(least(row))))
        }
        chart.ranges = series.rows.filter { !$0.unavailableBounds.isExact }.map { row in
            TimeChart.Range(
                x: SVGPath.number(frame.x(row)), least: SVGPath.number(frame.y(least(row))),
                most: SVGPath.number(frame.y(most(row))))
        }
        chart.limits = limits.map { limit in
            TimeChart.Limit(
                y: SVGPath.number(frame.y(limit.percent)), value: DecimalText.text(limit.percent, digits: 4),
                fromBottom: DecimalText.text(limit.percent / frame.values.top * 100, digits: 2), label: limit.text)
        }
        chart.columns = frame.columns { row in
            "\(row.startedAt.dayAndTime) UTC: \(row.unavailableWords) unavailable of \(row.unique.grouped), \(words(row))"
        }
        chart.legend = [
            chart.lines.isEmpty ? nil : ("line", "share of a complete run"),
            chart.ranges.isEmpty ? nil : ("range", "an incomplete run: from at least to at most"),
            chart.limits.isEmpty ? nil : ("limit", "limit of a gate"),
        ].compactMap { $0 }.map { TimeChart.Legend(sign: $0.0, name: $0.1, figure: "") }
        chart.gaps = frame.gaps
        return chart
    }

    private static func least(_ row: HistoryRow) -> Double {
        Share.percent(row.unavailableBounds.least, of: row.unique)
    }
    private static func most(_ row: HistoryRow) -> Double { Share.percent(row.unavailableBounds.most, of: row.unique) }

    private static func words(_ row: HistoryRow) -> String {
        let bounds = row.unavailableBounds
        return bounds.isExact
            ? NumberFormat.percent(least(row))
            : "at least \(NumberFormat.percent(least(row))), at most \(NumberFormat.percent(most(row)))"
    }

    private static func table(_ series: RunSeries) -> PageTable {
        PageTable(
            caption: "The unavailable share, newest run first",
            head: ["Run of (UTC)", "at least", "at most", "at least, %", "at most, %"],
            rows: series.rows.reversed().map { row in
                PageTable.Row(
                    name: row.startedAt.dayAndTime,
                    cells: [row.unavailableBounds.least.grouped, row.unavailableBounds.most.grouped]
                        + [least(row), most(row)].map { DecimalText.text($0, digits: 2) })
            })
    }
}

extension HistoryRow {
    /// `512`, or `at least 512, at most 530`.
    var unavailableWords: String {
        let bounds = unavailableBounds
        return bounds.isExact
            ? bounds.least.grouped : "at least \(bounds.least.grouped), at most \(bounds.most.grouped)"
    }
}
