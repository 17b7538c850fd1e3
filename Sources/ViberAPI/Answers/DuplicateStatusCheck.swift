import Formats

/// The key `status` of an answer. JSON lets a key stand twice, and a decoder takes one of the two without a word; an
/// answer that says both 0 and 12 says nothing.
enum DuplicateStatusCheck {
    /// Whether the outermost object has two of them with values that are written differently.
    ///
    /// `document`: an object that a JSON decoder has accepted. Of one in another encoding than UTF-8 nothing is said.
    static func isAmbiguous(in document: [UInt8]) -> Bool {
        var values = Set<ArraySlice<UInt8>>()
        var depth = 0
        var inString = false
        var escaped = false
        var member = 0  // where a member begins, and where its colon is
        var colon = 0
        for place in document.indices {
            let byte = document[place]
            if inString {
                inString = escaped || byte != UInt8(ascii: "\"")
                escaped = !escaped && byte == UInt8(ascii: "\\")
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): inString = true
            case UInt8(ascii: ":") where depth == 1: colon = place
            case UInt8(ascii: ",") where depth == 1, UInt8(ascii: "}") where depth == 1:
                if colon > member, isStatus(document[member..<colon]) {
                    values.insert(trimmed(document[colon + 1..<place]))
                }
                member = place + 1
                if byte == UInt8(ascii: "}") { depth = 0 }
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                if depth == 1 { member = place + 1 }
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
        }
        return values.count > 1
    }

    private static func isStatus(_ key: ArraySlice<UInt8>) -> Bool {
        JSONField(name: "", json: Array(trimmed(key))).string == "status"
    }

    private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let rest = text.drop { $0 <= 0x20 }
        guard let last = rest.lastIndex(where: { $0 > 0x20 }) else { return rest }
        return rest[...last]
    }
}
