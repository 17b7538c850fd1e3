import Formats

/// Reads the id column of CSV text, plain or gzip, from any input.
struct CSVReader {
    private let options: SourceOptions
    private var input: PeekedInput
    let layout: CSVLayout
    private let dialect: CSVDialect
    private let firstLine: Int

    /// Reads the beginning of the text and finds the id column. `read` reads the rows.
    /// - Throws: `SourceError`, `GzipError`, and the errors of `input`.
    init(_ input: any ByteInput, options: SourceOptions) throws {
        self.options = options
        var input = try CSVInput.text(of: input, options: options)
        let hint = CSVInput.delimiterHint(at: input.peeked)
        if let hint { input.skip(hint.length) }
        firstLine = hint == nil ? 1 : 2
        let sample = try CSVSample(
            of: &input, options: options, delimiter: options.delimiter ?? hint?.delimiter, firstLine: firstLine)
        layout = try CSVLayout(sample, options: options)
        dialect = sample.dialect
        self.input = input
    }

    /// Passes every data row's id cell to `visit`, with the line the row starts on.
    /// - Returns: warnings about the file.
    /// - Throws: `SourceError`, `GzipError`, and the errors of `input` and `visit`.
    func read(_ visit: (SourceCell, _ line: Int) throws -> Void) throws -> [String] {
        var records = RecordReader(input, dialect: dialect, fieldLimit: CSVSample.fieldLimit, firstLine: firstLine)
        var wider = (count: 0, firstLine: 0)
        var isFirst = true
        do {
            while try records.next() {
                if isFirst {
                    if records.isBlank {
                        try visit(.unusable(.blank, []), records.line)
                        continue
                    }
                    isFirst = false
                    if layout.hasHeader { continue }
                }
                if records.fieldCount > layout.width, records.filledFieldCount > layout.width {
                    if wider.count == 0 { wider.firstLine = records.line }
                    wider.count += 1
                }
                try visit(try cell(of: records), records.line)
            }
        } catch let quote as UnterminatedQuote {
            throw SourceError.unterminatedQuote(name: options.name, line: quote.line)
        }
        guard wider.count > 0 else { return layout.warnings }
        return layout.warnings + [
            "\(wider.count.counted("row")) of \(options.name) \(wider.count == 1 ? "has" : "have") more fields than "
                + "the first line; the id was read by its position. The first is on line \(wider.firstLine); a "
                + "delimiter in a field without quotes looks like this"
        ]
    }

    /// Whether a cell is what psql or COPY writes below the rows: `(40 rows)` or `\.`.
    private static func isFooter(_ cell: ArraySlice<UInt8>) -> Bool {
        guard cell.count <= 32 else { return false }
        let text = String(decoding: cell, as: UTF8.self)
        return text == "\\." || text.wholeMatch(of: /\(\d+ rows?\)/) != nil
    }

    private func cell(of records: RecordReader) throws -> SourceCell {
        let column = layout.column
        if let problem = records.problem {
            let value = column < records.fieldCount ? records.field(column) : []
            switch problem {
            case .badQuoting:
                guard !records.hasBackslashQuote || dialect.hasBackslashEscapes else {
                    throw SourceError.backslashQuote(name: options.name, line: records.line)
                }
                return .unusable(.badQuoting, value.isEmpty ? records.field(0) : value)
            case .tooLong: break  // more fields than are kept: the last ones are missing
            }
        }
        if records.isBlank { return .unusable(.blank, []) }
        guard column < records.fieldCount else { return .unusable(.missingField, []) }
        let value = records.field(column)
        // The field is longer than any id, so its end does not matter.
        if records.isTruncated(column) { return .unusable(.idTooLong, value) }
        // Blanks around a name are few; an id is longer than the names of nearly every header.
        if layout.width == 1, value.first == UInt8(ascii: "(") || value.first == UInt8(ascii: "\\"),
            Self.isFooter(value)
        {
            return .unusable(.missingField, value)
        }
        if value.count <= layout.longestName + 8 {
            let id = IDWhitespace.trim(value)
            if NullMarker.matches(id), !records.isQuoted(column) { return .unusable(.null, value) }
            if try layout.isHeader(id, records, name: options.name) { return .unusable(.repeatedHeader, value) }
        }
        return .text(value)
    }
}

extension RecordReader {
    /// The number of fields up to the last non-empty one.
    var filledFieldCount: Int {
        var count = fieldCount
        while count > 0, field(count - 1).isEmpty { count -= 1 }
        return count
    }
}
