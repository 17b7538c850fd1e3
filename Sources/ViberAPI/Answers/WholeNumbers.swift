/// Makes the numbers of a JSON document exact before a decoder reads them.
///
/// A decoder reads a number with a fraction or an exponent as a `Double`, where 4.0000000000000000000001 is 4 and
/// 1e-400 is 0: a status that was not sent. Here `4.0` and `40e-1` become `4`; a number that is not an integer, or does
/// not fit in 64 bits, becomes `null`. Numbers written as integers stay unchanged, and so does everything else.
enum WholeNumbers {
    /// - Parameter document: any bytes.
    /// - Returns: the document with such numbers replaced; the same bytes if there are none.
    static func exact(in document: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        var copied = 0
        var index = 0
        var inString = false
        while index < document.count {
            let byte = document[index]
            if inString {
                if byte == UInt8(ascii: "\\") { index += 1 } else if byte == UInt8(ascii: "\"") { inString = false }
                index += 1
            } else if byte == UInt8(ascii: "\"") {
                inString = true
                index += 1
            } else if byte == UInt8(ascii: "-") || byte &- 0x30 < 10 {
                let number = document[index...].prefix(while: isPart)
                if number.contains(where: { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }),
                    isNumber(number)
                {
                    out += document[copied..<index]
                    out += Array((value(of: number).map(String.init) ?? "null").utf8)
                    copied = number.endIndex
                }
                index = number.endIndex
            } else {
                index += 1
            }
        }
        return copied == 0 ? document : out + document[copied...]
    }

    private static func isPart(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 || "+-.eE".utf8.contains(byte) }

    /// Whether the text is a number in JSON's grammar; other text is left to the decoder, which rejects it.
    private static func isNumber(_ text: ArraySlice<UInt8>) -> Bool {
        String(decoding: text, as: UTF8.self).wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/) != nil
    }

    /// The exact value as a 64-bit integer; nil if it is not one.
    private static func value(of number: ArraySlice<UInt8>) -> Int64? {
        let parts = String(decoding: number, as: UTF8.self).lowercased().split(separator: "e")
        let isNegative = parts[0].first == "-"
        let mantissa = (isNegative ? parts[0].dropFirst() : parts[0]).split(separator: ".")
        let fraction = mantissa.count > 1 ? String(mantissa[1]) : ""
        var digits = Array((String(mantissa[0]) + fraction).utf8.drop { $0 == 0x30 })
        guard !digits.isEmpty else { return 0 }
        // An exponent beyond 64 bits makes the value too large, or not an integer.
        guard let exponent = parts.count > 1 ? Int(parts[1]) : 0 else { return nil }
        let shift = exponent.subtractingReportingOverflow(fraction.utf8.count)
        guard !shift.overflow else { return nil }
        if shift.partialValue >= 0 {
            guard shift.partialValue < 20, digits.count + shift.partialValue < 20 else { return nil }
            digits += [UInt8](repeating: 0x30, count: shift.partialValue)
        } else {
            guard shift.partialValue > -digits.count else { return nil }
            let rest = digits.suffix(-shift.partialValue)
            guard rest.allSatisfy({ $0 == 0x30 }) else { return nil }
            digits.removeLast(-shift.partialValue)
        }
        return Int64((isNegative ? "-" : "") + String(decoding: digits, as: UTF8.self))
    }
}
