/// Operations on JSON text that a decoder does not offer: escaping, unescaping and indenting. The JSON library decodes
/// the documents of other programs.
package enum JSONText {
    /// Appends a string's content with JSON's escapes. `/` and all non-ASCII characters are not escaped.
    package static func escape(_ text: ArraySlice<UInt8>, into out: inout [UInt8]) {
        // Nearly every id needs no escapes.
        guard needsEscapes(text) else { return out.append(contentsOf: text) }
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                out.append(UInt8(ascii: "\\"))
                out.append(byte)
            case 0x0A: out.append(contentsOf: "\\n".utf8)
            case 0x0D: out.append(contentsOf: "\\r".utf8)
            case 0x09: out.append(contentsOf: "\\t".utf8)
            case 0..<0x20:
                out.append(contentsOf: "\\u00".utf8)
                out.append(hexDigit(byte >> 4))
                out.append(hexDigit(byte & 15))
            default: out.append(byte)
            }
        }
    }

    /// Whether `escape` would change the text.
    package static func needsEscapes(_ text: ArraySlice<UInt8>) -> Bool {
        ByteSearch.any(in: text) { word in
            ByteSearch.controls(in: word) | ByteSearch.equal(to: UInt8(ascii: "\""), in: word)
                | ByteSearch.equal(to: UInt8(ascii: "\\"), in: word)
        }
    }

    /// The unescaped content of a JSON string, given without its quotes; nil if an escape is invalid.
    package static func unescape(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard text.contains(UInt8(ascii: "\\")) else { return Array(text) }
        var out: [UInt8] = []
        var index = text.startIndex
        func codeUnit(at start: Int) -> UInt32? {
            guard start + 4 <= text.endIndex else { return nil }
            var value: UInt32 = 0
            for byte in text[start..<start + 4] {
                guard let digit = hexValue(byte) else { return nil }
                value = value << 4 | UInt32(digit)
            }
            return value
        }
        while index < text.endIndex {
            guard text[index] == UInt8(ascii: "\\") else {
                out.append(text[index])
                index += 1
                continue
            }
            guard index + 1 < text.endIndex else { return nil }
            let escaped = text[index + 1]
            index += 2
            switch escaped {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(escaped)
            case UInt8(ascii: "n"): out.append(0x0A)
            case UInt8(ascii: "r"): out.append(0x0D)
            case UInt8(ascii: "t"): out.append(0x09)
            case UInt8(ascii: "b"): out.append(0x08)
            case UInt8(ascii: "f"): out.append(0x0C)
            case UInt8(ascii: "u"):
                guard var value = codeUnit(at: index) else { return nil }
                index += 4
                if value >= 0xD800, value < 0xDC00, index + 6 <= text.endIndex, text[index] == UInt8(ascii: "\\"),
                    text[index + 1] == UInt8(ascii: "u"), let low = codeUnit(at: index + 2), low >= 0xDC00, low < 0xE000
                {
                    value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
                    index += 6
                }
                guard let scalar = Unicode.Scalar(value) else { return nil }
                out.append(contentsOf: String(Character(scalar)).utf8)
            default: return nil
            }
        }
        return out
    }

    /// The document on several lines, indented by two spaces per level.
    package static func indented(_ json: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        var depth = 0
        var inString = false
        var escaped = false
        func newLine() {
            out.append(0x0A)
            out.append(contentsOf: repeatElement(0x20, count: depth * 2))
        }
        for (index, byte) in json.enumerated() {
            if inString {
                out.append(byte)
                if escaped {
                    escaped = false
                } else if byte == UInt8(ascii: "\\") {
                    escaped = true
                } else if byte == UInt8(ascii: "\"") {
                    inString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                out.append(byte)
                depth += 1
                let isEmpty = index + 1 < json.count && (json[index + 1] == byte + 2)
                if !isEmpty { newLine() }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if json[index - 1] != byte - 2 { newLine() }
                out.append(byte)
            case UInt8(ascii: ","):
                out.append(byte)
                newLine()
            case UInt8(ascii: ":"):
                out.append(byte)
                out.append(0x20)
            default:
                inString = byte == UInt8(ascii: "\"")
                out.append(byte)
            }
        }
        out.append(0x0A)
        return out
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - 0x30
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - 0x57
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - 0x37
        default: nil
        }
    }
}
