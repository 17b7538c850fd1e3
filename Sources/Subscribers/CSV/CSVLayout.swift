/// How a CSV file is laid out: its delimiter, its id column, and whether the first record is a header.
struct CSVLayout: Equatable {
    /// Index of the id column, from 0.
    var column: Int
    /// The column's name, or its position from 1.
    var columnName: String
    var hasHeader: Bool

    /// Decides by the first record that is not blank.
    ///
    /// It is a header only if a cell of it is the column asked for or a known name; anything else is data, so that the
    /// first id of a file without a header is never eaten.
    init(firstRecord cells: [String], options: SourceOptions) throws(SourceError) {
        let known = SourceOptions.knownColumns.compactMap { name in
            cells.firstIndex { $0.lowercasedASCII == name }
        }
        let position = options.column.flatMap { Self.position($0, columns: cells.count) }
        if options.noHeader {
            guard let column = options.column else {
                guard cells.count == 1 else { throw .needsColumn(columns: cells, name: options.name) }
                self.init(column: 0, columnName: "1", hasHeader: false)
                return
            }
            guard Int(column) != nil else { throw .positionNeeded(column) }
            guard let position else { throw .noSuchColumn(column, columns: cells, name: options.name) }
            self.init(column: position, columnName: column, hasHeader: false)
        } else if let column = options.column {
            let named = cells.indices.filter { cells[$0] == column }
            guard named.count < 2 else { throw .ambiguousColumn(column, name: options.name) }
            if let index = named.first {
                self.init(column: index, columnName: column, hasHeader: true)
            } else if let position {
                let hasHeader = !known.isEmpty
                self.init(column: position, columnName: hasHeader ? cells[position] : column, hasHeader: hasHeader)
            } else {
                throw .noSuchColumn(column, columns: cells, name: options.name)
            }
        } else if let index = known.first {
            let name = cells[index]
            guard cells.filter({ $0.lowercasedASCII == name.lowercasedASCII }).count == 1 else {
                throw .ambiguousColumn(name, name: options.name)
            }
            self.init(column: index, columnName: name, hasHeader: true)
        } else {
            guard cells.count == 1 else { throw .needsColumn(columns: cells, name: options.name) }
            self.init(column: 0, columnName: "1", hasHeader: false)
        }
    }

    private init(column: Int, columnName: String, hasHeader: Bool) {
        self.column = column
        self.columnName = columnName
        self.hasHeader = hasHeader
    }

    private static func position(_ text: String, columns: Int) -> Int? {
        guard let position = Int(text), (1...max(columns, 1)).contains(position) else { return nil }
        return position - 1
    }
}

extension String {
    /// Lower case for A to Z only, the same in every locale.
    var lowercasedASCII: String {
        String(decoding: utf8.map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }, as: UTF8.self)
    }
}
