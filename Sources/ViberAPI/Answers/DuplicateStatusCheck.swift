import Formats

/// Checks for two keys `status`. JSON allows duplicate keys, and a decoder silently takes one of the values; a response
/// with both 0 and 12 has no status.
enum DuplicateStatusCheck {
    /// Whether the outermost object has two keys `status` whose values are written differently.
    ///
    /// - Parameter document: an object in UTF-8 that a JSON decoder has accepted.
    /// - Returns: true if it has two that differ; false also for any encoding other than UTF-8.
    static func isAmbiguous(in document: [UInt8]) -> Bool {
        var values = Set<ArraySlice<UInt8>>()
        var depth = 0
        var inString = false
        var escaped = false
        var member = 0  // the index of the start of a member
        var colon = 0
        for index in document.indices {
            let byte = document[index]
            if inString {
                inString = escaped || byte != UInt8(ascii: "\"")
                escaped = !escaped && byte == UInt8(ascii: "\\")
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): inString = true
            case UInt8(ascii: ":") where depth == 1: colon = index
            case UInt8(ascii: ",") where depth == 1, UInt8(ascii: "}") where depth == 1:
                if colon > member, isStatus(document[member..<colon]) {
                    values.insert(trimmed(document[colon + 1..<index]))
                }
                member = index + 1
                if byte == UInt8(ascii: "}") { depth = 0 }
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                if depth == 1 { member = index + 1 }
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
        }
        return values.count > 1
    }

    private static func isStatus(_ key: ArraySlice<UInt8>) -> Bool {
        JSONMember(name: "", json: Array(trimmed(key))).string == "status"
    }

    private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let rest = text.drop { $0 <= 0x20 }
        guard let last = rest.lastIndex(where: { $0 > 0x20 }) else { return rest }
        return rest[...last]
    }
}
