import Formats

/// Formats numbers for the page.
enum NumberFormat {
    /// `20.5 %`, with a no-break space.
    static func percent(_ value: Double, digits: Int = 1) -> String {
        DecimalText.text(value, digits: digits) + "\u{A0}%"
    }

    static func percent(_ part: Int, of whole: Int, digits: Int = 1) -> String {
        percent(Share.percent(part, of: whole), digits: digits)
    }

    /// `512 (20.5 %)`.
    static func share(_ part: Int, of whole: Int) -> String { "\(part.grouped) (\(percent(part, of: whole)))" }

    /// `+1.2 points`, `−0.3 points`, `no change`.
    static func points(_ value: Double) -> String {
        let text = DecimalText.text(value.magnitude, digits: 1)
        return text == "0.0" ? "no change" : "\(value > 0 ? "+" : "−")\(text)\u{A0}points"
    }

    /// `+12`, `−3`, `±0`.
    static func change(_ value: Int) -> String {
        value == 0 ? "±0" : (value > 0 ? "+" : "−") + Int(clamping: value.magnitude).grouped
    }

    /// The label of a number on an axis: `1,250`, and from ten thousand on `25k` or `1.5M`.
    static func short(_ value: Double) -> String {
        for (unit, sign) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")] where value >= max(unit, 10_000) {
            let text = DecimalText.text(value / unit, digits: 1)
            return (text.hasSuffix(".0") ? String(text.dropLast(2)) : text) + sign
        }
        return (Int(exactly: value.rounded()) ?? 0).grouped
    }

    /// `a, b and c`.
    static func list(_ words: [String]) -> String {
        guard words.count > 1, let last = words.last else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " and " + last
    }
}
