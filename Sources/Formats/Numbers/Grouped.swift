extension Int {
    /// `1234567` as `1,234,567`.
    package var grouped: String {
        var text = ""
        for (index, digit) in String(magnitude).reversed().enumerated() {
            if index > 0, index % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return (self < 0 ? "-" : "") + String(text.reversed())
    }

    /// The number with its noun, singular or plural: `1 row`, `2,500 rows`.
    package func counted(_ noun: String) -> String {
        grouped + " " + noun + (self == 1 ? "" : noun.hasSuffix("ch") ? "es" : "s")
    }
}
