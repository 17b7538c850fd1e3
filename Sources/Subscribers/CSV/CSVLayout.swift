import Formats

/// The layout of a CSV file: its id column, and whether the first record is a header.
struct CSVLayout {
    /// Index of the id column, from 0.
    private(set) var column: Int
    /// The column's name, or its position from 1.
    private(set) var columnName: String
    private(set) var hasHeader: Bool
    /// The number of fields of the first record.
    private(set) var width: Int
    /// Warnings about the first line.
    private(set) var warnings: [String] = []
    private var header: [ColumnName] = []
    /// Maximum bytes of a cell that can repeat a name of the header, or be the null marker.
    private(set) var longestName = 4

    /// Finds the column.
    ///
    /// The first record is a header only if one of its cells is the requested column or a known name. Otherwise it is
    /// data, so that the first id of a file without a header is never lost.
    /// - Throws: `SourceError` if the sample does not determine the column, or the first line is not the header.
    init(_ sample: CSVSample, options: SourceOptions) throws(SourceError) {
        guard let first = sample.first else { throw .empty(name: options.name) }
        let cells = first.cells
        let isHeader = !options.noHeader && sample.hasKnownName
        if let column = options.column {
            try self.init(column, cells, isHeader: isHeader, sample: sample, options: options)
        } else if options.noHeader || (!isHeader && sample.hasOneColumn) {
            guard sample.hasOneColumn else { throw Self.noKnownColumn(sample, options) }
            try Self.checkWidth(sample, options)
            self.init(column: 0, columnName: "1", hasHeader: false, width: max(cells.count, 1))
        } else {
            try Self.checkWidth(sample, options)
            guard sample.badlyQuoted.rows * 2 <= sample.rows else {
                throw .badQuoting(
                    rows: sample.badlyQuoted.rows, of: sample.rows + 1, firstLine: sample.badlyQuoted.firstLine,
                    name: options.name)
            }
            guard isHeader else { throw Self.noKnownColumn(sample, options) }
            // Empty fields after the only column are not columns.
            let count = sample.hasOneColumn ? 1 : sample.columns.count
            let columns = (0..<count).map { index in
                ColumnChoice.Column(
                    name: index < cells.count ? cells[index] : "\(index + 1)", profile: sample.columns[index],
                    isNamed: index < cells.count)
            }
            let table = ColumnChoice.Table(name: nil, columns: columns, hasRows: sample.rows > 0)
            let choice = try ColumnChoice.among([table], source: options.name)
            self.init(column: choice.index, columnName: choice.column, hasHeader: true, width: cells.count)
        }
        if hasHeader {
            header = cells.map { ColumnName($0) }
            longestName = max(cells.map(\.utf8.count).max() ?? 0, longestName)
        } else {
            warnOfFirstLine(sample, options)
            if width == 1, !options.noHeader {
                // A list to which another one with a header was appended.
                header = ColumnName.known.map { ColumnName($0) }
                longestName = ColumnName.known.map(\.utf8.count).max() ?? longestName
            }
        }
    }

    /// Finds the requested column by name or position.
    private init(
        _ column: String,
        _ cells: [String],
        isHeader: Bool,
        sample: CSVSample,
        options: SourceOptions
    ) throws(SourceError) {
        let named = options.noHeader ? [] : cells.indices.filter { cells[$0] == column }
        guard named.count < 2 else { throw .ambiguousColumn(column, name: options.name) }
        if let index = named.first {
            self.init(column: index, columnName: column, hasHeader: true, width: cells.count)
            return
        }
        let widest = max(cells.count, sample.width)
        guard let position = Int(column), (1...max(widest, 1)).contains(position) else {
            if options.noHeader, Int(column) == nil { throw .positionNeeded(column) }
            throw .noSuchColumn(column, columns: Self.described(sample, isHeader: isHeader), name: options.name)
        }
        let name = isHeader && position <= cells.count ? cells[position - 1] : column
        self.init(column: position - 1, columnName: name, hasHeader: isHeader, width: cells.count)
    }

    private init(column: Int, columnName: String, hasHeader: Bool, width: Int) {
        self.column = column
        self.columnName = columnName
        self.hasHeader = hasHeader
        self.width = width
    }

    /// Checks that the first line is not a title or comment above the header, which has fewer fields than the rows.
    private static func checkWidth(_ sample: CSVSample, _ options: SourceOptions) throws(SourceError) {
        let isAbove = !sample.hasKnownName && sample.headerLine != nil
        guard sample.compared.wider * 2 > sample.compared.rows || isAbove else { return }
        throw .firstLineIsNotTheHeader(
            line: sample.first?.line ?? 1, headerLine: sample.headerLine, name: options.name)
    }

    private static func noKnownColumn(_ sample: CSVSample, _ options: SourceOptions) -> SourceError {
        let cells = sample.first?.cells.filter { !$0.isEmpty } ?? []
        // The first cell may be a header for all.
        let ids = cells.count { IDForm(Array($0.utf8)[...]).hasForm }
        if sample.rows == 0, ids > 1, ids >= cells.count - 1, isData(cells) {
            return .idsOnOneLine(delimiter: sample.dialect.delimiter, name: options.name)
        }
        return .noKnownColumn(
            columns: described(sample, isHeader: false),
            others: sample.columns.indices.filter { sample.columns[$0].looksLikeViberIDs }.map { index in
                .init(described: name(index, sample), column: name(index, sample))
            },
            name: options.name)
    }

    /// The columns for messages. The first line of a file without a header is personal data, so it is replaced by the
    /// positions of the columns and what they contain.
    private static func described(_ sample: CSVSample, isHeader: Bool) -> [String] {
        guard let cells = sample.first?.cells else { return [] }
        guard !isHeader, isData(cells) else { return cells }
        return sample.columns.indices.map { "\($0 + 1) (\(sample.columns[$0].content))" }
    }

    private static func name(_ index: Int, _ sample: CSVSample) -> String {
        guard let cells = sample.first?.cells, !isData(cells), index < cells.count, !cells[index].isEmpty else {
            return "\(index + 1)"
        }
        return cells[index]
    }

    /// Whether the first line contains something that no header contains.
    private static func isData(_ cells: [String]) -> Bool {
        cells.contains { cell in
            let bytes = Array(cell.utf8)[...]
            guard !bytes.isEmpty else { return false }
            return switch CellKind(bytes) {
            case .joinedIDs, .phoneNumber, .wholeNumber, .uuid, .accountID, .quoted: true
            // Ids end with =, and dates, numbers and addresses have digits, colons or an @.
            default:
                bytes.contains { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "@") } || cell.contains("://")
                    || bytes.count { $0 &- 0x30 < 10 } > 3 || Double(cell) != nil || Bool(cell) != nil
            }
        }
    }

    private static func hasOnlyLetters(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.allSatisfy { ($0 | 0x20) &- 0x61 < 26 }
    }

    /// Warns if the first line may be a header with an unknown name, which is read as an id.
    private mutating func warnOfFirstLine(_ sample: CSVSample, _ options: SourceOptions) {
        guard !options.noHeader, let first = sample.first, column < first.cells.count, column < sample.columns.count,
            sample.columns[column].looksLikeViberIDs
        else { return }
        let bytes = Array(first.cells[column].utf8)[...]
        guard !IDForm(bytes).hasForm || Self.hasOnlyLetters(bytes), !NullMarker.matches(bytes) else { return }
        warnings.append(
            "the first line of \(options.name) does not look like the others, and was read as an id; if it is a "
                + "header, give --column with its text")
    }

    /// Whether a cell repeats the header, as in two concatenated exports.
    /// - Throws: `SourceError` if the record is a header with its columns in another order.
    func isHeader(_ id: ArraySlice<UInt8>, _ records: RecordReader, name: String) throws(SourceError) -> Bool {
        let cell = ColumnName(id)
        guard header.contains(cell) else { return false }
        guard hasHeader, header[column] != cell else { return true }
        let movedTo = (0..<records.fieldCount).first { ColumnName(records.field($0)) == header[column] }
        guard movedTo == nil else { throw .otherColumnOrder(line: records.line, name: name) }
        return false
    }
}
