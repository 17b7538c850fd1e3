import Formats

/// Finds duplicate keys in the objects of a response. JSON allows them, but a decoder silently takes one of the values,
/// so such an object is rejected.
struct DuplicateKeys {
    /// Whether the response has two keys `users`.
    private(set) var hasUsersTwice = false
    /// Indexes of the users with a duplicate key.
    private(set) var users: Set<Int> = []
    /// Indexes of the users with a duplicate key `id`.
    private(set) var ids: Set<Int> = []

    private let document: [UInt8]
    /// For each open container, outermost first, whether it is an object.
    private var open: [Bool] = []
    /// Whether the next string is a key.
    private var isKeyNext = false
    private var lists = 0
    private var isList = false
    private var position = 0
    /// The keys of the user so far.
    private var keys: [ArraySlice<UInt8>] = []

    /// Scans the bytes once.
    ///
    /// - Parameter document: an object in UTF-8 that a JSON decoder has accepted.
    init(in document: [UInt8]) {
        self.document = document
        var index = 0
        while index < document.count {
            switch document[index] {
            case UInt8(ascii: "\""): index = string(from: index + 1)
            case UInt8(ascii: "{"): enter(isObject: true)
            case UInt8(ascii: "["): enter(isObject: false)
            case UInt8(ascii: "}"), UInt8(ascii: "]"): if !open.isEmpty { open.removeLast() }
            case UInt8(ascii: ","):
                isKeyNext = open.last ?? false
                if open.count == 2, isList { position += 1 }
            default: break
            }
            index += 1
        }
    }

    private mutating func enter(isObject: Bool) {
        open.append(isObject)
        isKeyNext = isObject
        if open.count == 2 { position = 0 }
        if open.count == 3 { keys.removeAll(keepingCapacity: true) }
    }

    /// - Parameter start: the index after the opening quote.
    /// - Returns: the index of the closing quote.
    private mutating func string(from start: Int) -> Int {
        var end = start
        var isEscaped = false
        while end < document.count, document[end] != UInt8(ascii: "\"") {
            if document[end] == UInt8(ascii: "\\") {
                isEscaped = true
                end += 1
            }
            end += 1
        }
        guard isKeyNext else { return end }
        isKeyNext = false
        guard open.count == 1 || open.count == 3 && isList && lists == 1 && !open[1] else { return end }
        var key = document[start..<min(end, document.count)]
        if isEscaped, let text = JSONText.unescape(key) { key = text[...] }
        if open.count == 1 {
            isList = key.elementsEqual("users".utf8)
            if isList { lists += 1 }
            hasUsersTwice = lists > 1
            return end
        }
        // Most keys differ in length; comparing it here saves 155 of 38,167 instructions per id (`make instructions`).
        if keys.contains(where: { $0.count == key.count && $0.bytesEqual(key) }) {
            users.insert(position)
            if key.elementsEqual("id".utf8) { ids.insert(position) }
        } else {
            keys.append(key)
        }
        return end
    }
}
