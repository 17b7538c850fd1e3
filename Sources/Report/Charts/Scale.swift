import Formats

/// Maps values evenly onto a length: `low` to 0, `high` to the length.
struct Scale: Sendable, Equatable {
    var low: Double
    var high: Double
    var length: Double

    /// In the middle, if there is but one value to map.
    func place(_ value: Double) -> Double {
        high > low ? (value - low) / (high - low) * length : length / 2
    }
}

/// A mark on an axis.
struct Tick: Sendable, Equatable {
    /// From the beginning of the axis.
    var percent: String
    var label: String
    /// Every second one gives way where there is little room.
    var isMinor: Bool
    /// Near the end of the axis, where a label would stand out.
    var isLast: Bool

    init(_ share: Double, _ label: String, number: Int) {
        percent = DecimalText.text(share * 100, digits: 2)
        self.label = label
        isMinor = number % 2 == 1
        isLast = share > 0.94
    }
}

/// Values from 0 to a round number that none of them passes, with round numbers between.
struct ValueAxis: Sendable, Equatable {
    let top: Double
    let marks: [Double]

    /// `least`: the least step between two marks, a power of ten.
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
