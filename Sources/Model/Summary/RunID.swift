/// The name of a run and of its directory: the UTC second it started and four hex digits, `20261121T231500Z-7f3a`.
package struct RunID: Sendable, Hashable, CustomStringConvertible {
    package let description: String

    /// The id of a new run. The low 16 bits of `salt` distinguish runs that start in the same second.
    package init(startedAt: Timestamp, salt: UInt64) {
        let hex = String(salt & 0xffff, radix: 16)
        description = startedAt.stamp + "-" + String(repeating: "0", count: 4 - hex.count) + hex
    }

    /// Parses a directory name with or without `-incomplete`; nil if it is not a run id.
    package init?(directoryName: String) {
        let name =
            directoryName.hasSuffix(Self.incompleteSuffix)
            ? String(directoryName.dropLast(Self.incompleteSuffix.count)) : directoryName
        let pattern = "00000000T000000Z-xxxx"
        guard name.utf8.count == pattern.utf8.count else { return nil }
        for (byte, expected) in zip(name.utf8, pattern.utf8) {
            let isDigit = byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
            switch expected {
            case UInt8(ascii: "0"): guard isDigit else { return nil }
            case UInt8(ascii: "x"):
                guard isDigit || (byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "f")) else { return nil }
            default: guard byte == expected else { return nil }
            }
        }
        description = name
    }

    /// The start time in the name; nil if it is not a valid time.
    package var startedAt: Timestamp? {
        let digits = Array(description.utf8)
        func part(_ positions: Range<Int>) -> String { String(decoding: digits[positions], as: UTF8.self) }
        return Timestamp(
            "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(9..<11)):\(part(11..<13)):\(part(13..<15))Z")
    }

    /// The suffix of the directory name of a run with exit code other than 0.
    package static let incompleteSuffix = "-incomplete"
}
