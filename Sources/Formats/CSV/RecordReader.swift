/// Reads CSV records (RFC 4180) from bytes, with the line each starts on.
///
/// It reads bytes, because in Swift CR-LF is one `Character` and U+2028 is a line end. Records end with LF, CR or
/// CR-LF; a quoted field may contain any of them. A malformed record is reported in `problem` and does not affect the
/// next one; only a quote that is never closed ends the file.
package struct RecordReader {
    /// What is wrong with a record.
    package enum Problem: Sendable {
        /// Text after a closing quote, or a quote inside a field without quotes.
        case badQuoting
        /// The record is longer than the limit; its rest was skipped.
        case tooLong
    }

    /// Maximum bytes of a record: 64 KiB, so that a file without line ends needs no more memory than any other file.
    package static let recordLimit = 1 << 16

    private var input: any ByteInput
    private let dialect: CSVDialect
    private let delimiter: UInt8
    /// Maximum bytes of an unquoted record, which is read in place.
    private let unquotedLimit: Int
    private var buffer = [UInt8](repeating: 0, count: 1 << 18)
    private var position = 0
    private var available = 0
    /// The start of the record in the buffer if it is an unquoted record that stays there; else nil.
    private var unquotedStart: Int?
    /// The end offsets of the fields of an unquoted record, in the first `unquotedCount` elements.
    private var ends: [Int] = []
    private var unquotedCount = 0
    /// The fields of a record that does not stay in the buffer.
    private var fields: RecordFields
    private var hasBadQuoting = false
    private var hasEscapedQuote = false
    private var nextLine: Int
    private var lastWasCarriageReturn = false

    /// The physical line the record starts on, from 1.
    package private(set) var line = 0
    /// Whether a quoted field of the record has a backslash before a quote.
    package var hasBackslashQuote: Bool { unquotedStart == nil && hasEscapedQuote }

    /// Reads records of limited length.
    /// - Parameters:
    ///   - input: the CSV text.
    ///   - delimiter: the byte between fields.
    ///   - limit: maximum bytes of a record; also the maximum number of fields.
    package init(_ input: any ByteInput, delimiter: UInt8, limit: Int = Self.recordLimit) {
        self.input = input
        self.delimiter = delimiter
        nextLine = 1
        dialect = CSVDialect(delimiter: delimiter)
        unquotedLimit = limit
        fields = RecordFields(recordLimit: limit, fieldLimit: nil)
    }

    /// Reads records of any length and truncates each field, so that a long one does not affect the others and memory
    /// stays bounded: 65,536 fields of `fieldLimit` bytes.
    /// - Parameters:
    ///   - input: the CSV text.
    ///   - dialect: how fields are delimited and quoted.
    ///   - fieldLimit: maximum bytes kept of a field.
    ///   - firstLine: the line number of the input's first line.
    package init(_ input: any ByteInput, dialect: CSVDialect, fieldLimit: Int, firstLine: Int = 1) {
        self.input = input
        nextLine = firstLine
        self.dialect = dialect
        delimiter = dialect.delimiter
        unquotedLimit = .max
        fields = RecordFields(recordLimit: Self.recordLimit, fieldLimit: fieldLimit)
    }

    package var fieldCount: Int { unquotedStart == nil ? fields.count : unquotedCount }

    package var problem: Problem? {
        guard unquotedStart == nil else { return nil }
        return fields.isTooLong ? .tooLong : hasBadQuoting ? .badQuoting : nil
    }

    /// A field's content without its quotes.
    package func field(_ index: Int) -> ArraySlice<UInt8> {
        guard let unquotedStart else { return fields.content[fields.bounds(index)] }
        // One delimiter separates two fields.
        return buffer[(index == 0 ? unquotedStart : ends[index - 1] + 1)..<ends[index]]
    }

    /// Whether a field is written in quotes.
    package func isQuoted(_ index: Int) -> Bool { unquotedStart == nil && fields.attributes(index).isQuoted }

    /// Whether a field was truncated to `fieldLimit` bytes.
    package func isTruncated(_ index: Int) -> Bool { unquotedStart == nil && fields.attributes(index).isTruncated }

    /// Whether the record is an empty line.
    package var isBlank: Bool {
        unquotedStart.map { unquotedCount == 1 && ends[0] == $0 } ?? (fields.count == 1 && fields.content.isEmpty)
            && problem == nil
    }

    private enum State {
        case fieldStart, blanksBefore, bare, quoted, escape, afterQuote, blanksAfter
    }

    /// Reads the next record.
    /// - Returns: false at the end of the input.
    /// - Throws: `UnterminatedQuote`, and the errors of the input.
    package mutating func next() throws -> Bool {
        unquotedStart = nil
        unquotedCount = 0
        guard try skipLineFeed() else {
            fields.removeAll()
            return false
        }
        line = nextLine
        if readUnquotedRecord() { return true }
        fields.removeAll()
        hasBadQuoting = false
        hasEscapedQuote = false
        var state = State.fieldStart
        var quoteLine = line
        var isAfterBackslash = false
        while try refill() {
            let byte = buffer[position]
            if byte != 0x0A { lastWasCarriageReturn = false }
            switch (state, byte) {
            case (.fieldStart, UInt8(ascii: "\"")), (.blanksBefore, UInt8(ascii: "\"")):
                fields.openQuote()
                state = .quoted
                quoteLine = nextLine
                isAfterBackslash = false
                position += 1
            case (.fieldStart, _) where isBlank(byte), (.blanksBefore, _) where isBlank(byte):
                fields.append(byte)
                state = .blanksBefore
                position += 1
            case (.quoted, UInt8(ascii: "\"")):
                if isAfterBackslash { hasEscapedQuote = true }
                state = .afterQuote
                position += 1
            case (.quoted, UInt8(ascii: "\\")) where dialect.hasBackslashEscapes:
                state = .escape
                position += 1
            case (.quoted, _):
                isAfterBackslash = appendQuotedRun() == UInt8(ascii: "\\")
            case (.escape, _):
                countLine(byte)
                fields.append(byte)
                state = .quoted
                position += 1
            case (.afterQuote, UInt8(ascii: "\"")):
                fields.append(byte)
                isAfterBackslash = false
                state = .quoted
                position += 1
            case (.afterQuote, _) where isBlank(byte), (.blanksAfter, _) where isBlank(byte):
                state = .blanksAfter
                position += 1
            case (_, delimiter):
                fields.endField()
                state = .fieldStart
                position += 1
            case (_, 0x0A), (_, 0x0D):
                position += 1
                nextLine += 1
                lastWasCarriageReturn = byte == 0x0D
                fields.endField()
                return true
            default:
                if state == .afterQuote || state == .blanksAfter || byte == UInt8(ascii: "\"") { hasBadQuoting = true }
                state = .bare
                appendBareRun()
            }
        }
        if state == .quoted || state == .escape { throw UnterminatedQuote(line: quoteLine) }
        fields.endField()
        return true
    }

    /// Reads a record in place if it has no quotes and all of it is in the buffer, as nearly every one; else false.
    private mutating func readUnquotedRecord() -> Bool {
        let last = unquotedLimit < available - position ? position + unquotedLimit : available
        var lineEnd: UInt8?
        unsafe buffer.withUnsafeBytes { bytes in
            unsafe dialect.forEachSpecial(in: bytes, from: position, to: last) { index in
                let byte = unsafe bytes[index]
                if byte == UInt8(ascii: "\"") { return false }
                if unquotedCount < ends.count { ends[unquotedCount] = index } else { ends.append(index) }
                unquotedCount += 1
                if byte == 0x0A || byte == 0x0D { lineEnd = byte }
                return lineEnd == nil
            }
        }
        guard let lineEnd else { return false }
        unquotedStart = position
        position = ends[unquotedCount - 1] + 1
        nextLine += 1
        lastWasCarriageReturn = lineEnd == 0x0D
        return true
    }

    /// Whether a byte is allowed between a delimiter and a quote: space, TAB, or part of a byte order mark.
    private func isBlank(_ byte: UInt8) -> Bool {
        guard dialect.allowsBlanksAroundQuotes, byte != delimiter else { return false }
        return byte == 0x20 || byte == 0x09 || byte == 0xEF || byte == 0xBB || byte == 0xBF
    }

    /// Appends the current byte and those up to the next special byte.
    private mutating func appendBareRun() {
        var end = position + 1
        while end < available, !dialect.isSpecial(buffer[end]) { end += 1 }
        fields.append(buffer[position..<end])
        position = end
    }

    /// Appends the bytes up to the next quote or escape, and counts their lines.
    /// - Returns: the last byte that was appended.
    private mutating func appendQuotedRun() -> UInt8 {
        var end = position
        while end < available, buffer[end] != UInt8(ascii: "\"") {
            let byte = buffer[end]
            if byte == UInt8(ascii: "\\"), dialect.hasBackslashEscapes { break }
            countLine(byte)
            end += 1
        }
        fields.append(buffer[position..<end])
        position = end
        return buffer[end - 1]
    }

    private mutating func countLine(_ byte: UInt8) {
        if byte == 0x0D || (byte == 0x0A && !lastWasCarriageReturn) { nextLine += 1 }
        lastWasCarriageReturn = byte == 0x0D
    }

    /// Fills the buffer if all of it was read; false at the end of the input.
    private mutating func refill() throws -> Bool {
        if position < available { return true }
        available = try input.read(into: &buffer)
        position = 0
        return available > 0
    }

    /// Skips the LF of a CR-LF; false at the end of the input.
    private mutating func skipLineFeed() throws -> Bool {
        guard try refill() else { return false }
        guard lastWasCarriageReturn else { return true }
        lastWasCarriageReturn = false
        if buffer[position] == 0x0A { position += 1 }
        return try refill()
    }
}
