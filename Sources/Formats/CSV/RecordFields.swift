/// The fields of one CSV record, concatenated and truncated to a limit.
struct RecordFields {
    /// Maximum bytes kept of a record, and the maximum number of fields.
    private let recordLimit: Int
    /// Maximum bytes kept of a field; nil if only the record is limited.
    private let fieldLimit: Int?

    private(set) var content: [UInt8] = []
    private var ends: [Int] = []
    private var attributes: [Attributes] = []
    private var current = Attributes()
    /// Whether the record is longer than its limit.
    private(set) var isTooLong = false

    struct Attributes {
        var isQuoted = false
        /// Whether the field was truncated to `fieldLimit` bytes.
        var isTruncated = false
    }

    init(recordLimit: Int, fieldLimit: Int?) {
        self.recordLimit = recordLimit
        self.fieldLimit = fieldLimit
    }

    var count: Int { ends.count }

    func bounds(_ index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1])..<ends[index] }

    func attributes(_ index: Int) -> Attributes { attributes[index] }

    mutating func removeAll() {
        content.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        attributes.removeAll(keepingCapacity: true)
        current = Attributes()
        isTooLong = false
    }

    mutating func append(_ bytes: ArraySlice<UInt8>) {
        let bytes = withoutLeadingBlanks(bytes)
        let remaining = fieldLimit.map { $0 - (content.count - start) } ?? recordLimit - content.count
        content.append(contentsOf: bytes.prefix(remaining))
        if bytes.count > remaining { truncate(bytes.dropFirst(remaining)) }
    }

    mutating func append(_ byte: UInt8) { append([byte]) }

    /// Starts a quoted field and discards the blanks before its quote.
    mutating func openQuote() {
        content.removeLast(content.count - start)
        current.isQuoted = true
    }

    mutating func endField() {
        // The limit holds for fields too: a record of delimiters has no content.
        if count < recordLimit {
            ends.append(content.count)
            attributes.append(current)
        } else {
            content.removeLast(content.count - start)
            isTooLong = true
        }
        current = Attributes()
    }

    private var start: Int { ends.last ?? 0 }

    /// Keeps only the first leading blanks of a truncated field; it matters only that there are some.
    private func withoutLeadingBlanks(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard fieldLimit != nil, content.count - start <= Self.keptBlanks, content[start...].allSatisfy(Self.isBlank)
        else { return bytes }
        let blanks = bytes.prefix(while: Self.isBlank).count
        return bytes.dropFirst(max(blanks - (Self.keptBlanks - (content.count - start)), 0))
    }

    private static let keptBlanks = 64

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// Records that bytes were discarded. Trailing blanks of a field do not count.
    private mutating func truncate(_ rest: ArraySlice<UInt8>) {
        if fieldLimit == nil {
            isTooLong = true
        } else if !rest.allSatisfy(Self.isBlank) {
            current.isTruncated = true
        }
    }
}
