/// A simple JSON parser after RFC 8259, with which the product's readers are compared.
///
/// It shares no code with them. Unlike Foundation it is instrumented, so the fuzzer learns the syntax of JSON from it.
package enum JSON: Equatable {
    case null
    case bool(Bool)
    /// The number as it was written.
    case number(String)
    /// Nil if it holds an escaped lone surrogate, which RFC 8259 allows and Unicode does not.
    case string([UInt8]?)
    case array([JSON])
    case object([Member])

    package struct Member: Equatable {
        /// Nil as in `string`.
        package var name: [UInt8]?
        package var value: JSON
        /// The value as it was written.
        package var text: [UInt8]

        package static func == (left: Member, right: Member) -> Bool {
            left.name == right.name && left.value == right.value
        }
    }

    /// The maximum nesting depth, equal to Foundation's.
    package static let mostLevels = 512

    /// Nil unless the bytes are one document in UTF-8 without a byte order mark, nested at most `mostLevels` deep.
    package init?(_ document: [UInt8]) {
        guard String(validating: document, as: UTF8.self) != nil else { return nil }
        var reader = Reader(document)
        reader.space()
        guard let value = reader.value() else { return nil }
        reader.space()
        guard reader.isAtEnd else { return nil }
        self = value
    }

    package var members: [Member]? { if case .object(let members) = self { members } else { nil } }
    package var content: [UInt8]? { if case .string(let content) = self { content } else { nil } }

    /// Whether every reader accepts it: each string is valid Unicode, and each number has a usual size.
    package var isOrdinary: Bool {
        everywhere { json in
            switch json {
            case .number(let text):
                text.count < 30 && Double(text).map { $0 == 0 || (1e-99...1e99).contains($0.magnitude) } ?? false
            case .string(let content): content != nil
            case .object: json.hasNames
            default: true
            }
        }
    }

    /// Whether readers may differ in its last digits: a large number that is not written as digits only.
    package var isRounded: Bool {
        guard case .number(let text) = self, text.contains(where: { ".eE".contains($0) }) else { return false }
        return Double(text).map { $0.magnitude >= 0x1p53 } ?? true
    }

    /// Whether a condition holds for this value and all values inside it.
    package func everywhere(_ holds: (JSON) -> Bool) -> Bool {
        let parts =
            switch self {
            case .array(let items): items
            case .object(let members): members.map(\.value)
            default: [] as [JSON]
            }
        return holds(self) && parts.allSatisfy { $0.everywhere(holds) }
    }

    /// Whether each name of an object is valid Unicode. If one is not, Foundation reads none of its members.
    package var hasNames: Bool { members?.allSatisfy { $0.name != nil } ?? false }

    /// The integer that is written here, as a number or as a decimal string; nil for another value.
    ///
    /// A number of digits only must fit 64 bits exactly. `4.0` and `40e-1` are read as doubles.
    package var integer: Int64? {
        switch self {
        case .number(let text) where text.contains { ".eE".contains($0) }:
            Double(text).flatMap { $0.magnitude < 0x1p63 ? Int64(exactly: $0) : nil }
        case .number(let text): Int64(text)
        case .string(let content?): Int64(String(decoding: content, as: UTF8.self))
        default: nil
        }
    }

    /// The first member with a name, if this is an object.
    package subscript(name: String) -> JSON? { members?.first { $0.name == Array(name.utf8) }?.value }
}

/// Reads a document from start to end. Each function starts where the one before ended, and returns nil for an error.
private struct Reader {
    private let bytes: [UInt8]
    private var offset = 0
    private var levels = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { offset == bytes.count }

    private var next: UInt8? { isAtEnd ? nil : bytes[offset] }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    mutating func space() { while take(" ") || take("\t") || take("\n") || take("\r") {} }

    mutating func value() -> JSON? {
        switch next {
        case UInt8(ascii: "{"): nested { $0.object() }
        case UInt8(ascii: "["): nested { $0.array() }
        case UInt8(ascii: "\""): string()
        case UInt8(ascii: "n"): word("null", .null)
        case UInt8(ascii: "t"): word("true", .bool(true))
        case UInt8(ascii: "f"): word("false", .bool(false))
        default: number()
        }
    }

    private mutating func nested(_ read: (inout Reader) -> JSON?) -> JSON? {
        guard levels < JSON.mostLevels else { return nil }
        levels += 1
        defer { levels -= 1 }
        return read(&self)
    }

    private mutating func word(_ word: String, _ value: JSON) -> JSON? {
        guard bytes[offset...].starts(with: word.utf8) else { return nil }
        offset += word.utf8.count
        return value
    }

    private mutating func object() -> JSON? {
        var members: [JSON.Member] = []
        offset += 1
        space()
        if take("}") { return .object(members) }
        while true {
            space()
            guard next == UInt8(ascii: "\""), case .string(let name)? = string() else { return nil }
            space()
            guard take(":") else { return nil }
            space()
            let start = offset
            guard let value = value() else { return nil }
            members.append(JSON.Member(name: name, value: value, text: Array(bytes[start..<offset])))
            space()
            if take("}") { return .object(members) }
            guard take(",") else { return nil }
        }
    }

    private mutating func array() -> JSON? {
        var items: [JSON] = []
        offset += 1
        space()
        if take("]") { return .array(items) }
        while true {
            space()
            guard let item = value() else { return nil }
            items.append(item)
            space()
            if take("]") { return .array(items) }
            guard take(",") else { return nil }
        }
    }

    private mutating func number() -> JSON? {
        let start = offset
        _ = take("-")
        if !take("0") { guard digits() else { return nil } }
        if take(".") { guard digits() else { return nil } }
        if take("e") || take("E") {
            _ = take("+") || take("-")
            guard digits() else { return nil }
        }
        return .number(String(decoding: bytes[start..<offset], as: UTF8.self))
    }

    private mutating func digits() -> Bool {
        let start = offset
        while let byte = next, byte >= 0x30, byte <= 0x39 { offset += 1 }
        return offset > start
    }

    private mutating func string() -> JSON? {
        var units: [UInt16] = []  // UTF-16 as in the escapes, so that two escapes form a surrogate pair
        offset += 1
        while let byte = next, byte >= 0x20 {
            if take("\"") { return .string(String(validating: units, as: UTF16.self).map { Array($0.utf8) }) }
            if take("\\") {
                guard let unit = escape() else { return nil }
                units.append(unit)
            } else {
                let rest = bytes[offset...].dropFirst().prefix { $0 & 0xC0 == 0x80 }
                units += String(decoding: bytes[offset..<rest.endIndex], as: UTF8.self).utf16
                offset = rest.endIndex
            }
        }
        return nil
    }

    private mutating func escape() -> UInt16? {
        guard let letter = next else { return nil }
        offset += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return UInt16(letter)
        case UInt8(ascii: "b"): return 8
        case UInt8(ascii: "t"): return 9
        case UInt8(ascii: "n"): return 10
        case UInt8(ascii: "f"): return 12
        case UInt8(ascii: "r"): return 13
        case UInt8(ascii: "u"):
            let digits = bytes[offset...].prefix(4)
            guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
            offset += 4
            return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        default: return nil
        }
    }
}
