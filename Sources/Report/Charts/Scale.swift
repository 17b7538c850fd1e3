import Formats

/// Maps values linearly onto a length: `low` to 0, `high` to the length.
struct Scale: Sendable, Equatable {
    var low: Double
    var high: Double
    var length: Double

    /// The position of a value; the middle if `low` equals `high`.
    func position(_ value: Double) -> Double {
        high > low ? (value - low) / (high - low) * length : length / 2
    }
}

/// A mark on an axis.
struct Tick: Sendable, Equatable {
    /// The distance from the start of the axis, in percent of its length.
    var percent: String
    var label: String
    /// Every second tick is hidden on narrow screens.
    var isMinor: Bool
    /// Whether the tick is so near the end of the axis that a centred label would stick out.
    var isLast: Bool

    init(_ share: Double, _ label: String, number: Int) {
        percent = DecimalText.text(share * 100, digits: 2)
        self.label = label
        isMinor = number % 2 == 1
        isLast = share > 0.94
    }
}

/// An axis from 0 to a round number that no value exceeds, with round numbers between.
struct ValueAxis: Sendable, Equatable {
    let top: Double
    let marks: [Double]

    /// - Parameters:
    ///   - highest: the highest value.
    ///   - least: the smallest step between two marks, a power of ten.
    init(to highest: Double, step least: Double) {
        var step = least
        var growth = 0
        while highest / step > 5 {  // 1, 2, 5, 10, 20 …
            step *= [2, 2.5, 2][growth % 3]
            growth += 1
        }
        let count = max(1, (highest / step).rounded(.up))
        top = step * count
        marks = stride(from: 0, through: count, by: 1).map { $0 * step }
    }

    func ticks(_ label: (Double) -> String) -> [Tick] {
        marks.enumerated().map { number, mark in Tick(mark / top, label(mark), number: number) }
    }
}
