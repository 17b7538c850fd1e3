import Formats

/// The `d` attribute of an SVG path: absolute coordinates with two decimals, the same on every machine.
struct SVGPath: Sendable {
    private(set) var text = ""

    mutating func move(_ x: Double, _ y: Double) { text += "M\(Self.number(x)) \(Self.number(y))" }
    mutating func line(_ x: Double, _ y: Double) { text += "L\(Self.number(x)) \(Self.number(y))" }
    mutating func close() { text += "Z" }

    /// A line through points, from the first to the last.
    static func line(_ points: [(x: Double, y: Double)]) -> String {
        var path = SVGPath()
        for (number, point) in points.enumerated() {
            if number == 0 { path.move(point.x, point.y) } else { path.line(point.x, point.y) }
        }
        return path.text
    }

    /// The area between an upper and a lower line that have the same first and last `x`.
    static func area(upper: [(x: Double, y: Double)], lower: [(x: Double, y: Double)]) -> String {
        line(upper + lower.reversed()) + "Z"
    }

    static func number(_ value: Double) -> String { DecimalText.text(value, digits: 2) }
}
