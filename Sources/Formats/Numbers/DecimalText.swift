/// Decimal numbers as text, independent of the locale.
package enum DecimalText {
    /// Appends an integer.
    package static func append(_ value: Int64, to out: inout [UInt8]) {
        if value < 0 { out.append(UInt8(ascii: "-")) }
        var rest = value.magnitude
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var first = digits.count
        repeat {
            let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: 10)
            first -= 1
            digits[first] = 0x30 + UInt8(truncatingIfNeeded: remainder)
            rest = quotient
        } while rest > 0
        for index in first..<digits.count { out.append(digits[index]) }
    }

    /// `value` with `digits` decimals, rounded half away from zero. NaN and values out of range give 0.
    package static func text(_ value: Double, digits: Int) -> String {
        var scale = 1
        for _ in 0..<digits { scale *= 10 }
        guard let scaled = Int(exactly: (value * Double(scale)).rounded()) else { return text(0, digits: digits) }
        let whole = (scaled < 0 ? "-" : "") + String(scaled.magnitude / UInt(scale))
        guard digits > 0 else { return whole }
        let fraction = String(scaled.magnitude % UInt(scale))
        return whole + "." + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}
