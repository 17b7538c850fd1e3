import Formats

/// The beginning of a CSV file: its dialect, its first line, and what its columns contain.
struct CSVSample {
    let dialect: CSVDialect
    /// The trimmed cells of the first record that is not blank, and the line it starts on; nil if there is none.
    private(set) var first: (cells: [String], line: Int)?
    private var names: [ColumnName] = []
    /// Whether the first record names a known column.
    private(set) var hasKnownName = false
    private var filledNames = 0
    private var longestName = 0
    /// The columns below the first record.
    private(set) var columns: [ColumnProfile] = []
    /// The number of rows below the first record.
    private(set) var rows = 0
    /// The number of fields up to the last non-empty one, in the widest row.
    private(set) var width = 0
    /// Whether the file has one column: only a few rows with a delimiter in a cell have a non-empty second field.
    var hasOneColumn: Bool {
        width <= 1 || (filledNames <= 1 && first?.cells.first?.isEmpty == false && compared.wider * 2 <= compared.rows)
    }

    /// How many of the first rows were compared with the first record, and how many of them have more non-empty fields
    /// than it has fields (or names, if none of them is known).
    private(set) var compared = (rows: 0, wider: 0)
    /// The line of the first compared row that is a header.
    private(set) var headerLine: Int?
    /// How many records have `RecordReader.Problem.badQuoting`, and the line of the first one.
    private(set) var badlyQuoted = (rows: 0, firstLine: 0)
    /// Whether a quote is not closed.
    private var hasOpenQuote = false
    /// Whether a badly quoted record has a backslash before a quote.
    private var hasBackslashQuote = false

    /// Maximum bytes kept of a field: more than an id has.
    static let fieldLimit = 512
    private static let comparedRows = 100
    /// Maximum bytes to read ahead: ten thousand rows of text, or fewer rows of pictures.
    private static let (byteLimit, byteLimitOfFewRows) = (32 << 20, 4 << 20)

    /// Reads ahead until the cells suffice to choose a column.
    /// - Throws: `SourceError` if the delimiter is ambiguous, and the errors of `input`.
    init(of input: inout PeekedInput, options: SourceOptions, delimiter: UInt8?, firstLine: Int) throws {
        var bytes = CSVInput.head
        while true {
            try input.peek(bytes)
            let text = Self.wholeLines(of: input)
            let delimiter = try delimiter ?? CSVDelimiter.detect(in: text, options: options)
            let sample = Self.sample(text, delimiter: delimiter, isWhole: input.isAtEnd, firstLine: firstLine)
            let limit = sample.rows < ColumnProfile.cellLimit ? Self.byteLimitOfFewRows : Self.byteLimit
            guard !input.isAtEnd, bytes < limit, sample.needsMore, options.column == nil else {
                self = sample
                return
            }
            bytes = min(bytes * 4, limit)
        }
    }

    /// What was read ahead, without an incomplete last line.
    private static func wholeLines(of input: PeekedInput) -> ArraySlice<UInt8> {
        guard !input.isAtEnd, let end = input.peeked.lastIndex(where: { $0 == 0x0A || $0 == 0x0D }) else {
            return input.peeked
        }
        return input.peeked[...end]
    }

    /// Reads the sample according to RFC 4180, or with backslash escapes if fewer records are badly quoted then.
    private static func sample(
        _ text: ArraySlice<UInt8>,
        delimiter: UInt8,
        isWhole: Bool,
        firstLine: Int
    ) -> CSVSample {
        var dialect = CSVDialect(delimiter: delimiter)
        dialect.allowsBlanksAroundQuotes = true
        let plain = CSVSample(text, dialect: dialect, isWhole: isWhole, firstLine: firstLine)
        guard plain.hasBackslashQuote else { return plain }
        dialect.hasBackslashEscapes = true
        let escaped = CSVSample(text, dialect: dialect, isWhole: isWhole, firstLine: firstLine)
        return escaped.badQuotes < plain.badQuotes ? escaped : plain
    }

    private var badQuotes: Int { badlyQuoted.rows + (hasOpenQuote ? 1 : 0) }

    private init(_ text: ArraySlice<UInt8>, dialect: CSVDialect, isWhole: Bool, firstLine: Int) {
        self.dialect = dialect
        var records = RecordReader(
            BytesInput(text), dialect: dialect, fieldLimit: Self.fieldLimit, firstLine: firstLine)
        do {
            while rows < ColumnProfile.rowLimit, try records.next() {
                add(records)
                // Checked only every 64 rows, since it takes longer than reading a row.
                if rows % 64 == 63, !needsMore { break }
            }
        } catch {
            // An unclosed quote. In a part of a file it may be closed later; reading the whole file reports it if not.
            if isWhole || records.hasBackslashQuote {
                hasOpenQuote = true
                hasBackslashQuote = hasBackslashQuote || records.hasBackslashQuote
            }
        }
    }

    private mutating func add(_ records: RecordReader) {
        if records.problem == .badQuoting {
            if badlyQuoted.rows == 0 { badlyQuoted.firstLine = records.line }
            badlyQuoted.rows += 1
            if records.hasBackslashQuote { hasBackslashQuote = true }
        }
        let filled = records.filledFieldCount
        guard let first else {
            guard !records.isBlank else { return }
            let cells = (0..<records.fieldCount).map { records.cellText($0) }
            first = (cells, records.line)
            names = cells.map { ColumnName($0) }
            hasKnownName = Self.isHeader(records)
            filledNames = cells.count { !$0.isEmpty }
            longestName = (cells.map(\.utf8.count).max() ?? 0) + 8
            columns = [ColumnProfile](repeating: ColumnProfile(), count: cells.count)
            width = filled
            return
        }
        rows += 1
        width = max(width, filled)
        if compared.rows < Self.comparedRows {
            compared.rows += 1
            let filledFields = (0..<records.fieldCount).count { !records.field($0).isEmpty }
            // A pandas index column has no name, but a title line has empty cells too.
            if filledFields > (hasKnownName ? first.cells.count : filledNames) { compared.wider += 1 }
            if headerLine == nil, filledFields > 1, Self.isHeader(records) { headerLine = records.line }
        }
        guard records.problem != .badQuoting else { return }
        for index in 0..<records.fieldCount {
            if index == columns.count { columns.append(ColumnProfile()) }
            if columns[index].isFull { continue }
            let cell = records.field(index)
            if !records.isQuoted(index), NullMarker.matches(IDWhitespace.trim(cell)) { continue }
            // A repeated header is not evidence about the column.
            if hasKnownName, index < names.count, cell.count <= longestName, ColumnName(cell) == names[index] {
                continue
            }
            columns[index].add(.text(cell), line: records.line)
        }
    }

    /// Whether a record names a known column and no cell occurs only in rows: `ID` is also Idaho and Indonesia.
    private static func isHeader(_ records: RecordReader) -> Bool {
        var isNamed = false
        for index in 0..<records.fieldCount {
            let cell = IDWhitespace.trim(records.field(index))
            if ColumnName.isKnown(cell) { isNamed = true } else if CellKind.occursOnlyInRows(cell) { return false }
        }
        return isNamed
    }

    /// Whether a candidate column does not have enough cells yet.
    private var needsMore: Bool {
        guard first != nil, rows < ColumnProfile.rowLimit else { return first == nil }
        let known = names.indices.filter { names[$0].rank != nil }
        return (known.isEmpty ? [0] : known).contains { !columns[$0].isFull } || compared.rows < Self.comparedRows
    }
}

extension RecordReader {
    /// A field as text, trimmed.
    func cellText(_ index: Int) -> String { String(decoding: IDWhitespace.trim(field(index)), as: UTF8.self) }
}
