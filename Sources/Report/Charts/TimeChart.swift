import Formats
import Model

/// The data of a chart over time for the template: shapes in a box that stretches, and text around it that does not.
struct TimeChart: Sendable {
    static let width = 1_000.0
    static let height = 400.0

    var id: String
    var title: String
    /// A description of the chart for screen readers.
    var label: String
    var axis: Axis
    /// Filled areas, from the lowest to the highest.
    var bands: [Band] = []
    /// Lines through runs whose figure is exact.
    var lines: [String] = []
    /// A dot for each run, if there are few.
    var dots: [Dot] = []
    /// From the least to the most that a figure may be.
    var ranges: [Range] = []
    var limits: [Limit] = []
    /// The column of each run that shows its text under the pointer.
    var columns: [Column] = []
    var legend: [Legend]
    var gaps: String?
    var table: PageTable

    /// The values at the edges of the box, and the ticks.
    struct Axis: Sendable {
        var left: String
        var right: String
        var top: String
        var unit: String
        var x: [Tick]
        var y: [Tick]
        /// The `y` of each mark of the values in the box.
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
        /// The CSS class of its sign.
        var sign: String
        var name: String
        var figure: String
    }
}

/// The coordinate system of a chart over time.
struct TimeFrame: Sendable {
    let series: RunSeries
    let time: TimeAxis
    let values: ValueAxis
    private let heights: Scale

    /// - Parameters:
    ///   - series: at least one run.
    ///   - values: the axis of the values.
    init(_ series: RunSeries, values: ValueAxis) {
        self.series = series
        self.values = values
        let zero = Timestamp(milliseconds: 0)
        time = TimeAxis(
            from: series.rows.first?.startedAt ?? zero, to: series.rows.last?.startedAt ?? zero,
            length: TimeChart.width)
        heights = Scale(low: 0, high: values.top, length: TimeChart.height)
    }

    func x(_ row: HistoryRow) -> Double { time.position(row.startedAt) }
    /// SVG counts from the top.
    func y(_ value: Double) -> Double { TimeChart.height - heights.position(value) }

    func axis(unit: String, label: (Double) -> String) -> TimeChart.Axis {
        TimeChart.Axis(
            left: DecimalText.text(time.scale.low, digits: 0), right: DecimalText.text(time.scale.high, digits: 0),
            top: DecimalText.text(values.top, digits: 4), unit: unit, x: time.ticks, y: values.ticks(label),
            rules: values.marks.map { SVGPath.number(y($0)) })
    }

    /// The columns of the runs. Each extends half-way to its neighbours, but not into a gap.
    func columns(_ text: (HistoryRow) -> String) -> [TimeChart.Column] {
        let centres = series.rows.map(x)
        let reach =
            series.medianInterval.map { $0 * RunSeries.gap / 2 / (time.scale.high - time.scale.low) * TimeChart.width }
            ?? TimeChart.width
        return series.rows.enumerated().map { number, row in
            let centre = centres[number]
            let before = number > 0 ? (centres[number - 1] + centre) / 2 : centre - reach
            let after = number + 1 < centres.count ? (centres[number + 1] + centre) / 2 : centre + reach
            let left = max(before, centre - reach, 0)
            let right = min(after, centre + reach, TimeChart.width)
            return TimeChart.Column(x: SVGPath.number(left), width: SVGPath.number(right - left), text: text(row))
        }
    }

    var gaps: String? {
        let gaps = series.gaps.map { "\($0.before.startedAt.dayAndTime) to \($0.after.startedAt.dayAndTime)" }
        guard !gaps.isEmpty else { return nil }
        let shown = gaps.prefix(3).joined(separator: "; ") + (gaps.count > 3 ? "; and \(gaps.count - 3) more" : "")
        return "Gaps without runs, where nothing is drawn: \(shown)."
    }
}

/// The data of a table for the template: a column of names, then columns of figures.
struct PageTable: Sendable {
    var caption: String
    var head: [String]
    var rows: [Row]

    struct Row: Sendable {
        var name: String
        var cells: [String]
    }
}
