import Model

/// Reads CSV records (RFC 4180) from bytes, with the line each begins on.
///
/// Bytes, because Swift takes CR-LF for one `Character` and finds line ends in U+2028. Records end with LF, CR or
/// CR-LF; a field in quotes may hold any of them. What a record does wrong is told with the record and ends with it;
/// only a quote that is never closed ends the file.
package struct RecordReader {
    /// What is wrong with a record.
    package enum Problem: Sendable {
        /// Text after a closing quote, or a quote inside a field without quotes.
        case badQuoting
        /// The record is longer than the limit; what came after it was skipped.
        case tooLong
    }

    /// The most bytes of a record: 64 KiB, so that a file without line ends needs no more memory than another.
    package static let recordLimit = 1 << 16

    private var input: any ByteInput
    private let delimiter: UInt8
    private let limit: Int
    private var buffer = [UInt8](repeating: 0, count: 1 << 18)
    private var position = 0
    private var available = 0
    /// The fields of a record that does not stand in the buffer as it is, one behind the other.
    private var content: [UInt8] = []
    /// Where each field ends: in the content, or in the buffer if the record begins there. More may be left of records before.
    private var ends: [Int] = []
    private var plainStart: Int?
    private var nextLine = 1
    private var lastWasCarriageReturn = false

    /// The physical line the record begins on, from 1.
    package private(set) var line = 0
    package private(set) var problem: Problem?

    /// `limit`: the most bytes of a record, and the most fields.
    package init(_ input: any ByteInput, delimiter: UInt8, limit: Int = Self.recordLimit) {
        self.input = input
        self.delimiter = delimiter
        self.limit = limit
    }

    package private(set) var fieldCount = 0

    /// A field's content without its quotes.
    package func field(_ index: Int) -> ArraySlice<UInt8> {
        guard let plainStart else { return content[(index == 0 ? 0 : ends[index - 1])..<ends[index]] }
        // A delimiter stands between fields.
        return buffer[(index == 0 ? plainStart : ends[index - 1] + 1)..<ends[index]]
    }

    /// Whether the record is an empty line.
    package var isBlank: Bool { fieldCount == 1 && ends[0] == plainStart ?? 0 && problem == nil }

    private enum State {
        case fieldStart, bare, quoted, afterQuote
    }

    /// Goes to the next record.
    /// - Returns: false at the end of the input.
    /// - Throws: `UnterminatedQuote`, and what the input throws.
    package mutating func next() throws -> Bool {
        problem = nil
        plainStart = nil
        fieldCount = 0
        guard try skipLineFeed() else { return false }
        line = nextLine
        if takePlain() { return true }
        content.removeAll(keepingCapacity: true)
        fieldCount = 0
        var state = State.fieldStart
        var quoteLine = line
        while try refill() {
            let byte = buffer[position]
            if byte != 0x0A { lastWasCarriageReturn = false }
            switch state {
            case .fieldStart where byte == UInt8(ascii: "\""):
                state = .quoted
                quoteLine = nextLine
                position += 1
            case .quoted:
                if byte == UInt8(ascii: "\"") {
                    state = .afterQuote
                    position += 1
                } else {
                    appendQuotedRun()
                }
            case .afterQuote where byte == UInt8(ascii: "\""):
                append(byte)
                state = .quoted
                position += 1
            case .fieldStart, .bare, .afterQuote:
                switch byte {
                case delimiter:
                    endField()
                    state = .fieldStart
                    position += 1
                case 0x0A, 0x0D:
                    position += 1
                    nextLine += 1
                    lastWasCarriageReturn = byte == 0x0D
                    endField()
                    return true
                default:
                    if state == .afterQuote || byte == UInt8(ascii: "\"") { note(.badQuoting) }
                    state = .bare
                    appendBareRun()
                }
            }
        }
        if state == .quoted { throw UnterminatedQuote(line: quoteLine) }
        endField()
        return true
    }

    /// Takes a record without quotes that stands whole in the buffer, with its line end: nearly every one. It stays there.
    private mutating func takePlain() -> Bool {
        let last = min(available, position + limit)
        var place = position
        fieldCount = 0
        while case let found = nextSpecial(from: place, to: last), found < last {
            place = found
            let byte = buffer[place]
            if byte == 0x0A || byte == 0x0D {
                end(fieldAt: place)
                plainStart = position
                position = place + 1
                nextLine += 1
                lastWasCarriageReturn = byte == 0x0D
                return true
            }
            if byte == UInt8(ascii: "\"") { return false }
            end(fieldAt: place)
            place += 1
        }
        return false
    }

    /// Where the next line end, quote or delimiter is; `last` if there is none before it.
    private func nextSpecial(from start: Int, to last: Int) -> Int {
        unsafe buffer.withUnsafeBytes { bytes in
            var place = start
            while place + 8 <= last {
                let word = unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
                let special =
                    ByteSearch.equal(to: 0x0A, in: word) | ByteSearch.equal(to: 0x0D, in: word)
                    | ByteSearch.equal(to: UInt8(ascii: "\""), in: word) | ByteSearch.equal(to: delimiter, in: word)
                if special != 0 { return place + special.trailingZeroBitCount / 8 }
                place += 8
            }
            while place < last, unsafe !isSpecial(bytes[place]) { place += 1 }
            return place
        }
    }

    private func isSpecial(_ byte: UInt8) -> Bool {
        byte == 0x0A || byte == 0x0D || byte == UInt8(ascii: "\"") || byte == delimiter
    }

    private mutating func end(fieldAt place: Int) {
        if fieldCount < ends.count { ends[fieldCount] = place } else { ends.append(place) }
        fieldCount += 1
    }

    /// Appends up to the next byte that means something outside quotes; the first byte is always taken.
    private mutating func appendBareRun() {
        var end = position + 1
        while end < available {
            let byte = buffer[end]
            if isSpecial(byte) { break }
            end += 1
        }
        append(upTo: end)
    }

    /// Appends up to the next quote, and counts the lines in between.
    private mutating func appendQuotedRun() {
        var end = position
        while end < available, buffer[end] != UInt8(ascii: "\"") {
            let byte = buffer[end]
            if byte == 0x0D || (byte == 0x0A && !lastWasCarriageReturn) { nextLine += 1 }
            lastWasCarriageReturn = byte == 0x0D
            end += 1
        }
        append(upTo: end)
    }

    private mutating func append(upTo end: Int) {
        let room = limit - content.count
        if end - position > room { note(.tooLong) }
        content.append(contentsOf: buffer[position..<min(end, position + room)])
        position = end
    }

    private mutating func append(_ byte: UInt8) {
        if content.count < limit { content.append(byte) } else { note(.tooLong) }
    }

    private mutating func endField() {
        // A record of nothing but delimiters is as long as its fields are many.
        if fieldCount < limit { end(fieldAt: content.count) } else { note(.tooLong) }
    }

    private mutating func note(_ problem: Problem) {
        if self.problem != .tooLong { self.problem = problem }
    }

    /// Whether there is a byte at `position`.
    private mutating func refill() throws -> Bool {
        if position < available { return true }
        available = try input.read(into: &buffer)
        position = 0
        return available > 0
    }

    /// Passes over the LF of a CR-LF.
    private mutating func skipLineFeed() throws -> Bool {
        guard try refill() else { return false }
        guard lastWasCarriageReturn else { return true }
        lastWasCarriageReturn = false
        if buffer[position] == 0x0A { position += 1 }
        return try refill()
    }
}

/// A quote was opened and the file ended.
package struct UnterminatedQuote: Error, Sendable, Equatable {
    /// The physical line of the opening quote.
    package var line: Int
}
