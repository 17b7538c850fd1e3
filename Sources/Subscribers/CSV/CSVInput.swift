import Files
import Formats

/// The text of a CSV file, without compression and byte order mark.
enum CSVInput {
    /// Opens the text of a file and reads its beginning ahead.
    /// - Throws: `SourceError` if it is empty or not a list, `GzipError`, and the errors of `input`.
    static func text(of input: any ByteInput, options: SourceOptions) throws -> PeekedInput {
        var input = try PeekedInput(input, count: head)
        guard !input.peeked.isEmpty else { throw SourceError.empty(name: options.name) }
        if input.peeked.starts(with: SQLiteFile.magic) { throw SourceError.databaseOnStandardInput(name: options.name) }
        if input.peeked.starts(with: GzipReader.magic) {
            input = try PeekedInput(GzipReader(input, name: options.name), count: head)
            guard !input.peeked.isEmpty else { throw SourceError.empty(name: options.name) }
            guard !input.peeked.starts(with: SQLiteFile.magic) else {
                throw SourceError.compressedDatabase(name: options.name)
            }
        }
        if let encoding = otherEncoding(input.peeked) {
            throw SourceError.otherEncoding(encoding, name: options.name)
        }
        if let format = FileFormat(head: input.peeked) { throw SourceError.notAList(format, name: options.name) }
        guard !isBinary(input.peeked) else { throw SourceError.binaryFile(name: options.name) }
        if options.table != nil || options.query != nil { throw SourceError.notADatabase(name: options.name) }
        if input.peeked.starts(with: [0xEF, 0xBB, 0xBF]) {
            input.skip(3)
            // Some programs write the byte order mark before their export fails.
            guard !input.peeked.isEmpty else { throw SourceError.empty(name: options.name) }
        }
        return input
    }

    /// The delimiter from a first line such as `sep=;`, which Excel reads.
    /// - Returns: the delimiter, and the line's length in bytes with its line end; nil if the text has no such line.
    static func delimiterHint(at head: ArraySlice<UInt8>) -> (delimiter: UInt8, length: Int)? {
        var rest = head
        let isQuoted = rest.first == UInt8(ascii: "\"")
        if isQuoted { rest = rest.dropFirst() }
        guard rest.prefix(4).map({ $0 | 0x20 }) == Array("sep".utf8) + [UInt8(ascii: "=") | 0x20] else { return nil }
        rest = rest.dropFirst(4)
        guard let delimiter = rest.popFirst(), delimiter != 0x0A, delimiter != 0x0D, delimiter < 0x80 else {
            return nil
        }
        if isQuoted, rest.popFirst() != UInt8(ascii: "\"") { return nil }
        // A spreadsheet that saves the file again pads the line with delimiters.
        while rest.first == delimiter || rest.first == 0x20 { rest = rest.dropFirst() }
        switch rest.popFirst() {
        case 0x0A: break
        case 0x0D: if rest.first == 0x0A { rest = rest.dropFirst() }
        default: return nil
        }
        return (delimiter, head.count - rest.count)
    }

    /// The number of bytes to read ahead.
    static let head = 1 << 16

    /// Detects UTF-16 by a byte order mark, or by NUL in every second of the first bytes; UTF-32 by a byte order mark,
    /// or by two NULs at the same position in each four.
    private static func otherEncoding(_ head: ArraySlice<UInt8>) -> String? {
        let groups = stride(from: head.startIndex, to: head.endIndex - 3, by: 4).prefix(16).map { head[$0..<$0 + 4] }
        let hasThreeNULs =
            !groups.isEmpty && groups.allSatisfy { $0.dropFirst(2).elementsEqual([0, 0]) }
            || !groups.isEmpty && groups.allSatisfy { $0.prefix(2).elementsEqual([0, 0]) }
        if hasThreeNULs || head.starts(with: [0xFF, 0xFE, 0, 0]) || head.starts(with: [0, 0, 0xFE, 0xFF]) {
            return "UTF-32"
        }
        return looksLikeUTF16(head) ? "UTF-16" : nil
    }

    private static func looksLikeUTF16(_ head: ArraySlice<UInt8>) -> Bool {
        if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) { return true }
        let sample = Array(head.prefix(64))
        guard sample.count >= 4 else { return false }
        let evenNULs = stride(from: 0, to: sample.count, by: 2).count { sample[$0] == 0 }
        let oddNULs = stride(from: 1, to: sample.count, by: 2).count { sample[$0] == 0 }
        let half = sample.count / 2
        return (evenNULs == 0 && oddNULs * 10 >= half * 9) || (oddNULs == 0 && evenNULs * 10 >= half * 9)
    }

    /// Whether there are more control characters than in any list: a ninth of random bytes are control characters.
    ///
    /// Without this check, a line of such a file that happens to be short text would be an id.
    private static func isBinary(_ head: ArraySlice<UInt8>) -> Bool {
        let controls = head.count { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
        return controls >= 32 && controls > head.count / 16
    }
}
