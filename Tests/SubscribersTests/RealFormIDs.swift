import Foundation

/// Made-up ids in the form of real ones: 16 bytes as base64.
enum RealFormIDs {
    /// The id of a number; the same number always gives the same id.
    static func id(_ number: Int) -> String {
        var state = UInt64(truncatingIfNeeded: number) &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678_9ABC_DEF1
        let bytes = (0..<16).map { _ in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return UInt8(truncatingIfNeeded: state >> 24)
        }
        return Data(bytes).base64EncodedString()
    }

    /// The ids from 1 to `count`, as in a source.
    static func first(_ count: Int) -> [[UInt8]] { (1...max(count, 1)).prefix(count).map { Array(id($0).utf8) } }
}

/// Cells that are personal data. No message may contain them.
enum PersonalData {
    static let name = "Marker Ann"
    static let phone = "380501112233"
    static let email = "marker@example.com"

    /// The personal data and the first ids that a text contains.
    static func found(in text: String) -> [String] {
        (["Marker", "80501112233", "marker@"] + (1...12).map { RealFormIDs.id($0) }).filter { text.contains($0) }
    }
}

/// An INSERT with one row for each number from 1.
func insert(_ table: String, _ count: Int = 12, _ row: (Int) -> String) -> String {
    "INSERT INTO \(table) VALUES \((1...count).map { "(\(row($0)))" }.joined(separator: ", "));\n"
}

/// Lines of text, one for each number from 1.
func lines(_ count: Int, _ end: String = "\n", _ line: (Int) -> String) -> String {
    (1...count).map { line($0) + end }.joined()
}
