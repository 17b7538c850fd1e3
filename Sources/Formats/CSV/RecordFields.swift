/// The fields of one CSV record, one behind the other, cut where they are longer than a limit.
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
        /// Whether the field is longer than the limit for fields.
        var isCut = false
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
        let room = fieldLimit.map { $0 - (content.count - start) } ?? recordLimit - content.count
        content.append(contentsOf: bytes.prefix(room))
        if bytes.count > room { cut(bytes.dropFirst(room)) }
    }

    mutating func append(_ byte: UInt8) { append([byte]) }

    /// Drops the blanks before a quote, which opens the field.
    mutating func openQuote() {
        content.removeLast(content.count - start)
        current.isQuoted = true
    }

    mutating func endField() {
        // A record of nothing but delimiters is as long as its fields are many.
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

    /// Of blanks at the beginning of a limited field the first ones are kept: that there are some is all that matters.
    private func withoutLeadingBlanks(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard fieldLimit != nil, content.count - start <= Self.keptBlanks, content[start...].allSatisfy(Self.isBlank)
        else { return bytes }
        let blanks = bytes.prefix(while: Self.isBlank).count
        return bytes.dropFirst(max(blanks - (Self.keptBlanks - (content.count - start)), 0))
    }

    private static let keptBlanks = 64

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// Notes what is not kept. Blanks at the end of a field are nothing that is missing.
    private mutating func cut(_ rest: ArraySlice<UInt8>) {
        if fieldLimit == nil {
            isTooLong = true
        } else if !rest.allSatisfy(Self.isBlank) {
            current.isCut = true
        }
    }
}
