import Formats

/// The strings of a JSON document, names of members among them, and how deeply it is nested.
struct JSONLiterals {
    private let document: [UInt8]
    /// Where the content of each string is, between its quotes.
    private var contents: [Range<Int>] = []
    /// Levels of objects and arrays.
    private(set) var maxDepth = 0

    init(of document: [UInt8]) {
        self.document = document
        var depth = 0
        var start: Int?
        var index = 0
        while index < document.count {
            switch document[index] {
            case UInt8(ascii: "\\") where start != nil: index += 1
            case UInt8(ascii: "\""):
                if let begin = start { contents.append(begin..<index) }
                start = start == nil ? index + 1 : nil
            case UInt8(ascii: "{") where start == nil, UInt8(ascii: "[") where start == nil:
                depth += 1
                maxDepth = max(maxDepth, depth)
            case UInt8(ascii: "}") where start == nil, UInt8(ascii: "]") where start == nil: depth -= 1
            default: break
            }
            index += 1
        }
    }

    /// The document with every string, as it reads without escapes, given to `change`; those that it leaves alone stay as they
    /// are written.
    func replacing(_ change: ([UInt8]) -> [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(document.count)
        var copied = 0
        for range in contents {
            guard let text = JSONText.unescape(document[range]) else { continue }
            let changed = change(text)
            guard changed != text else { continue }
            out += document[copied..<range.lowerBound]
            JSONText.escape(changed[...], into: &out)
            copied = range.upperBound
        }
        return out + document[copied...]
    }
}
