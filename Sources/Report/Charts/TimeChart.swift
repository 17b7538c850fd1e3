import Formats
import Model

/// A chart over time, as the template draws it: shapes in a box that stretches, text around it that does not.
struct TimeChart: Sendable {
    static let width = 1_000.0
    static let height = 400.0

    var id: String
    var title: String
    /// What the chart says, in a sentence.
    var label: String
    var axis: Axis
    /// Filled areas, from the lowest to the highest.
    var bands: [Band] = []
    /// Lines through runs whose figure is known.
    var lines: [String] = []
    /// A dot a run, where there are few.
    var dots: [Dot] = []
    /// From the least to the most that a figure can be.
    var ranges: [Range] = []
    var limits: [Limit] = []
    /// A column a run, for the pointer.
    var columns: [Column] = []
    var legend: [Legend]
    var gaps: String?
    var table: PageTable

    /// What lies at the edges of the box, and the marks.
    struct Axis: Sendable {
        var left: String
        var right: String
        var top: String
        var unit: String
        var x: [Tick]
        var y: [Tick]
        /// Where the marks of the values lie in the box.
        var rules: [String]
    }
    struct Band: Sendable {
        var name: String
        var paths: [String]
    }
    struct Dot: Sendable {
        var x: String
        var y: String
    }
    struct Range: Sendable {
        var x: String
        var least: String
        var most: String
    }
    struct Limit: Sendable {
        var y: String
        var value: String
        var fromBottom: String
        var label: String
    }
    struct Column: Sendable {
        var x: String
        var width: String
        var text: String
    }
    struct Legend: Sendable {
        /// How its sign is drawn.
        var sign: String
        var name: String
        var figure: String
    }
}

/// The frame of a chart over time: where runs and values lie.
struct TimeFrame: Sendable {
    let series: RunSeries
    let time: TimeAxis
    let values: ValueAxis
    private let heights: Scale

    /// `series`: of at least one run.
    init(_ series: RunSeries, values: ValueAxis) {
        self.series = series
        self.values = values
        let zero = Timestamp(milliseconds: 0)
        time = TimeAxis(
            from: series.rows.first?.startedAt ?? zero, to: series.rows.last?.startedAt ?? zero,
            length: TimeChart.width)
        heights = Scale(low: 0, high: values.top, length: TimeChart.height)
    }

    func x(_ row: HistoryRow) -> Double { time.place(row.startedAt) }
    /// From the top, as SVG counts.
    func y(_ value: Double) -> Double { TimeChart.height - heights.place(value) }

    func axis(unit: String, label: (Double) -> String) -> TimeChart.Axis {
        TimeChart.Axis(
            left: DecimalText.text(time.scale.low, digits: 0), right: DecimalText.text(time.scale.high, digits: 0),
            top: DecimalText.text(values.top, digits: 4), unit: unit, x: time.ticks, y: values.ticks(label),
            rules: values.marks.map { SVGPath.number(y($0)) })
    }

    /// Each from half-way to its neighbours, and no farther than a gap.
    func columns(_ text: (HistoryRow) -> String) -> [TimeChart.Column] {
        let places = series.rows.map(x)
        let reach =
            series.medianInterval.map { $0 * RunSeries.gap / 2 / (time.scale.high - time.scale.low) * TimeChart.width }
            ?? TimeChart.width
        return series.rows.enumerated().map { number, row in
            let place = places[number]
            let before = number > 0 ? (places[number - 1] + place) / 2 : place - reach
            let after = number + 1 < places.count ? (places[number + 1] + place) / 2 : place + reach
            let left = max(before, place - reach, 0)
            let right = min(after, place + reach, TimeChart.width)
            return TimeChart.Column(x: SVGPath.number(left), width: SVGPath.number(right - left), text: text(row))
        }
    }

    var gaps: String? {
        let gaps = series.gaps.map { "\($0.before.startedAt.dayAndTime) to \($0.after.startedAt.dayAndTime)" }
        guard !gaps.isEmpty else { return nil }
        let shown = gaps.prefix(3).joined(separator: "; ") + (gaps.count > 3 ? "; and \(gaps.count - 3) more" : "")
        return "Without runs, so nothing is drawn: \(shown)."
    }
}

/// A table as the template writes it: a column of names, then figures.
struct PageTable: Sendable {
    var caption: String
    var head: [String]
    var rows: [Row]

    struct Row: Sendable {
        var name: String
        var cells: [String]
    }
}
