import Formats
import Foundation

/// Redacts the token in text from a server, both the token itself and encoded forms of it.
extension AuthToken {
    private static let placeholder = Array("<token>".utf8)

    /// Replaces the token with `<token>`. A text that contains the token in an encoded form is replaced completely.
    ///
    /// Matches ignore case, since host names are converted to lower case.
    ///
    /// - Parameter text: any bytes.
    /// - Returns: the text without the token.
    func redacting(_ text: [UInt8]) -> [UInt8] {
        let secret = value.utf8.map(Self.lowercased)
        let plain = Self.replacing(secret, in: text)
        // Encoded forms of a short token would match by chance; Viber's tokens have 50 bytes.
        guard secret.count >= 16, containsEncoded(secret, plain) else { return plain }
        return Self.placeholder
    }

    private static func replacing(_ secret: [UInt8], in text: [UInt8]) -> [UInt8] {
        let lower = text.map(lowercased)
        guard lower.count >= secret.count else { return text }
        var out: [UInt8] = []
        var index = 0
        while index < text.count {
            if lower[index] == secret[0], lower[index...].starts(with: secret) {
                out += placeholder
                index += secret.count
            } else {
                out.append(text[index])
                index += 1
            }
        }
        return out
    }

    /// Whether the text contains the token in base64, in hexadecimal, or escaped, even several times.
    private func containsEncoded(_ secret: [UInt8], _ text: [UInt8]) -> Bool {
        // Every byte of a token has two digits.
        let needles = [secret, value.utf8.flatMap { Array(String($0, radix: 16).utf8) }]
        // In lower case, since host names may be converted to it.
        let codes = (0..<3).flatMap(base64).map { $0.map(Self.lowercased) }
        var text = text
        for _ in 0..<4 {
            let lower = text.map(Self.lowercased)
            if (needles + codes).contains(where: { lower.firstRange(of: $0) != nil }) { return true }
            let decoded = Unescaping.decodedOnce(text)
            if decoded == text { return false }
            text = decoded
        }
        return false
    }

    /// The base64 of the token after `count` other bytes, in both alphabets. Characters that also encode neighbouring
    /// bytes are left out.
    private func base64(offset count: Int) -> [[UInt8]] {
        let text = Data([UInt8](repeating: 0, count: count) + Array(value.utf8)).base64EncodedString()
        let core = Array(text.utf8.dropFirst(count == 0 ? 0 : 4).dropLast(4))
        let urlSafe = core.map { byte in
            byte == UInt8(ascii: "+") ? UInt8(ascii: "-") : byte == UInt8(ascii: "/") ? UInt8(ascii: "_") : byte
        }
        return [core, urlSafe]
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
}

/// Decodes escapes of ASCII characters: `%41`, `\u0041`, `\u{41}`, `\x41`, `\/`, `&#65;`, `&#x41;` and `&amp;`.
private enum Unescaping {
    /// The text with each escape decoded once.
    static func decodedOnce(_ text: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(text.count)
        var rest = text[...]
        while let byte = rest.first {
            if byte == UInt8(ascii: "%") || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "&"),
                let (value, length) = escape(rest)
            {
                out.append(value)
                rest = rest.dropFirst(length)
            } else {
                out.append(byte)
                rest = rest.dropFirst()
            }
        }
        return out
    }

    private static func escape(_ text: ArraySlice<UInt8>) -> (value: UInt8, length: Int)? {
        let text = text.prefix(12)
        let tail = text.dropFirst(2)
        switch (text.first, text.dropFirst().first) {
        case (UInt8(ascii: "%"), _): return number(text.dropFirst().prefix(2), 16, minDigits: 2, prefix: 1)
        case (UInt8(ascii: "&"), UInt8(ascii: "#")):
            // HTML readers accept it without the semicolon, too.
            let isHex = tail.first.map { $0 | 0x20 == UInt8(ascii: "x") } ?? false
            let digits = (isHex ? tail.dropFirst() : tail).prefix { byte in
                (0x30...0x39).contains(byte) || isHex && UnicodeScalar(byte).properties.isASCIIHexDigit
            }
            let hasEnd = digits.endIndex < text.endIndex && text[digits.endIndex] == UInt8(ascii: ";")
            return number(digits, isHex ? 16 : 10, prefix: isHex ? 3 : 2, suffix: hasEnd ? 1 : 0)
        case (UInt8(ascii: "&"), UInt8(ascii: "a")) where text.starts(with: "&amp;".utf8): return (UInt8(ascii: "&"), 5)
        case (UInt8(ascii: "\\"), UInt8(ascii: "x")): return number(tail.prefix(2), 16, minDigits: 2, prefix: 2)
        case (UInt8(ascii: "\\"), UInt8(ascii: "u")):
            guard tail.first == UInt8(ascii: "{") else { return number(tail.prefix(4), 16, minDigits: 4, prefix: 2) }
            guard let end = tail.firstIndex(of: UInt8(ascii: "}")) else { return nil }
            return number(tail[..<end].dropFirst(), 16, prefix: 3, suffix: 1)
        case (UInt8(ascii: "\\"), let next?) where next < 0x80 && !"ntrbf".utf8.contains(next): return (next, 2)
        default: return nil
        }
    }

    /// An ASCII character by its number. `prefix`, `suffix`: lengths of what stands around its digits in the escape.
    private static func number(
        _ digits: ArraySlice<UInt8>, _ radix: Int, minDigits: Int = 1, prefix: Int, suffix: Int = 0
    ) -> (value: UInt8, length: Int)? {
        guard digits.count >= minDigits, let value = UInt8(String(decoding: digits, as: UTF8.self), radix: radix),
            value < 0x80
        else { return nil }
        return (value, prefix + digits.count + suffix)
    }
}
