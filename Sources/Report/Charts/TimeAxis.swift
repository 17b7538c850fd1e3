import Model

/// A time axis from the first run to the last, with ticks at hours, days or months.
struct TimeAxis: Sendable {
    let scale: Scale
    private(set) var ticks: [Tick] = []

    /// - Parameters:
    ///   - first: the time of the first run.
    ///   - last: the time of the last run.
    ///   - length: the length of the axis in units of the drawing.
    init(from first: Timestamp, to last: Timestamp, length: Double) {
        var (low, high) = (Double(first.milliseconds), Double(last.milliseconds))
        if low == high { (low, high) = (low - 12 * Self.hour, high + 12 * Self.hour) }
        scale = Scale(low: low, high: high, length: length)
        let marks = Self.steps.first { (high - low) / $0 <= Self.mostTicks }
            .map { Self.regular(from: low, to: high, step: $0) }
        ticks = (marks ?? Self.months(from: low, to: high)).enumerated().map { number, mark in
            Tick(scale.position(mark.time) / length, mark.label, number: number)
        }
    }

    func position(_ time: Timestamp) -> Double { scale.position(Double(time.milliseconds)) }

    private static let hour = 3_600_000.0
    private static let day = 24 * hour
    private static let mostTicks = 9.0
    private static let steps = [hour, 3 * hour, 6 * hour, 12 * hour, day, 2 * day, 4 * day, 7 * day, 14 * day]

    private typealias Mark = (time: Double, label: String)

    private static func regular(from low: Double, to high: Double, step: Double) -> [Mark] {
        let origin = step >= 7 * day ? 4 * day : 0  // the first Monday of 1970
        let first = ((low - origin) / step).rounded(.up) * step + origin
        return stride(from: first, through: high, by: step).map { time in
            let moment = Timestamp(milliseconds: Int64(exactly: time.rounded()) ?? 0)
            return (time, step < day && moment.hour != 0 ? moment.timeOfDay : moment.shortDay)
        }
    }

    private static func months(from low: Double, to high: Double) -> [Mark] {
        let strides = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1_200, 2_400, 6_000, 12_000]
        let stride = strides.first { (high - low) / (Double($0) * 30.4 * day) <= mostTicks } ?? 12_000
        guard let start = Int64(exactly: low.rounded()) else { return [] }
        var number = (Timestamp(milliseconds: start).monthNumber / stride + 1) * stride
        var marks: [Mark] = []
        while let month = Timestamp(monthNumber: number), Double(month.milliseconds) <= high {
            marks.append((Double(month.milliseconds), month.monthOfYear))
            number += stride
        }
        return marks
    }
}
