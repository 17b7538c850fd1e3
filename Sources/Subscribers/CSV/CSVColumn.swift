import Files

/// The id column of CSV text, plain or gzip, wherever its bytes come from.
struct CSVColumn {
    private let options: SourceOptions

    init(_ options: SourceOptions) { self.options = options }

    /// Hands every data row's id cell to `visit`, with the line it begins on.
    ///
    /// Returns the id column's name, or its position.
    /// Throws `SourceError`, `GzipError`, and what `input` and `visit` throw.
    func read(_ input: any ByteInput, _ visit: (SourceCell, _ line: Int) throws -> Void) throws -> String {
        let input = try text(of: input)
        let delimiter = try options.delimiter ?? CSVDelimiter.found(in: input.peeked, options: options)
        var records = RecordReader(input, delimiter: delimiter)
        var layout: CSVLayout?
        do {
            while try records.next() {
                guard let known = layout else {
                    if records.isBlank {
                        try visit(.unusable(.blank, []), records.line)
                        continue
                    }
                    let found = try CSVLayout(firstRecord: Self.cells(of: records), options: options)
                    layout = found
                    if !found.hasHeader { try visit(Self.cell(of: records, column: found.column), records.line) }
                    continue
                }
                try visit(Self.cell(of: records, column: known.column), records.line)
            }
        } catch let quote as UnterminatedQuote {
            throw SourceError.unterminatedQuote(name: options.name, line: quote.line)
        }
        guard let layout else { throw SourceError.empty(name: options.name) }  // nothing but line ends
        return layout.columnName
    }

    /// The text behind compression and byte order mark, its first bytes looked at.
    private func text(of input: any ByteInput) throws -> PeekedInput {
        var input = try PeekedInput(input, count: Self.head)
        guard !input.peeked.isEmpty else { throw SourceError.empty(name: options.name) }
        if input.peeked.starts(with: GzipReader.magic) {
            input = try PeekedInput(GzipReader(input, name: options.name), count: Self.head)
            guard !input.peeked.isEmpty else { throw SourceError.empty(name: options.name) }
            guard !input.peeked.starts(with: SQLiteFile.magic) else {
                throw SourceError.compressedDatabase(name: options.name)
            }
        }
        guard !Self.looksLikeUTF16(input.peeked) else { throw SourceError.looksLikeUTF16(name: options.name) }
        guard !Self.isNoText(input.peeked) else { throw SourceError.noText(name: options.name) }
        if input.peeked.starts(with: [0xEF, 0xBB, 0xBF]) {
            input.skip(3)
            // Some exports write the mark before they fail.
            guard !input.peeked.isEmpty else { throw SourceError.empty(name: options.name) }
        }
        return input
    }

    private static let head = 1 << 16

    /// A byte order mark of UTF-16, or NUL in every other of the first bytes.
    private static func looksLikeUTF16(_ head: ArraySlice<UInt8>) -> Bool {
        if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) { return true }
        let sample = Array(head.prefix(64))
        guard sample.count >= 4 else { return false }
        let evenNULs = stride(from: 0, to: sample.count, by: 2).count { sample[$0] == 0 }
        let oddNULs = stride(from: 1, to: sample.count, by: 2).count { sample[$0] == 0 }
        let half = sample.count / 2
        return (evenNULs == 0 && oddNULs * 10 >= half * 9) || (oddNULs == 0 && evenNULs * 10 >= half * 9)
    }

    /// More control characters than any list has: of random bytes they are a ninth.
    ///
    /// A line of such a file that happens to be short text would be taken for an id.
    private static func isNoText(_ head: ArraySlice<UInt8>) -> Bool {
        let controls = head.count { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
        return controls >= 32 && controls > head.count / 16
    }

    private static func cells(of records: RecordReader) -> [String] {
        (0..<records.fieldCount).map { String(decoding: Blanks.trim(records.field($0)), as: UTF8.self) }
    }

    private static func cell(of records: RecordReader, column: Int) -> SourceCell {
        let value = column < records.fieldCount ? records.field(column) : records.field(0)
        switch records.problem {
        case .tooLong: return .unusable(.lineTooLong, value)
        case .badQuoting: return .unusable(.badQuoting, value)
        case nil: break
        }
        if records.isBlank { return .unusable(.blank, []) }
        return column < records.fieldCount ? .text(value) : .unusable(.missingField, [])
    }
}
