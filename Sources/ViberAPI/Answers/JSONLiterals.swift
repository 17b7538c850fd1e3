import Formats

/// The strings of a JSON document, including keys, and its nesting depth.
struct JSONLiterals {
    private let document: [UInt8]
    /// The range of each string, without its quotes.
    private var contents: [Range<Int>] = []
    /// The number of nested levels of objects and arrays.
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

    /// Replaces the strings of the document. A string that `change` returns unchanged keeps its spelling.
    ///
    /// - Parameter change: receives each string without escapes and returns its replacement.
    /// - Returns: the new document.
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
