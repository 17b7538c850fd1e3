/// The reason a source cannot be used. No id was sent when it is thrown.
package enum SourceError: Error, Sendable {
    // The file is not a list.
    case empty(name: String)
    case otherEncoding(String, name: String)
    case binaryFile(name: String)
    case notAList(FileFormat, name: String)

    // CSV.
    case unterminatedQuote(name: String, line: Int)
    case backslashQuote(name: String, line: Int)
    case badQuoting(rows: Int, of: Int, firstLine: Int, name: String)
    case firstLineIsNotTheHeader(line: Int, headerLine: Int?, name: String)
    case otherColumnOrder(line: Int, name: String)
    case idsOnOneLine(delimiter: UInt8, name: String)
    case positionNeeded(String)
    case ambiguousColumn(String, name: String)
    case ambiguousDelimiter(name: String)

    // Which column.
    case noSuchColumn(String, columns: [String], name: String)
    /// - Parameter others: columns under other names that look like Viber ids.
    case noKnownColumn(columns: [String], others: [Suggestion], name: String)
    case noColumnLooksRight(candidates: [Candidate], others: [Suggestion], name: String)
    case severalColumns(columns: [String], name: String)
    case severalTables(columns: [String], name: String)

    // Which kind of source.
    case notCSV(name: String)
    case notADatabase(name: String)
    case databaseOnStandardInput(name: String)
    case compressedDatabase(name: String)

    // SQLite.
    case noSuchTable(String, tables: [String], name: String)
    case needsTable(tables: [String], name: String)
    case unreadableTable(String, reason: String, name: String)
    case unparsedTable(String, reason: String, version: String, name: String)
    case badQuery(String, name: String)
    case cannotOpenReadOnly(name: String)
    case unmergedLog(name: String)
    case needsRecovery(name: String)
    case damaged(String, name: String)
    /// The only error that waiting can resolve.
    case locked(name: String)

    // The rows.
    case changedWhileReading(name: String)
    case everyRowRejected(rows: Int, reasons: String, name: String)
    case everyRowIsABlob(rows: Int, cast: String, name: String)
    case shrank(to: Int, from: Int, run: String, allowed: Double, name: String)

    /// A column with a known name that does not look like Viber ids.
    package struct Candidate: Sendable, Equatable {
        package var column: String
        /// What it contains, in the plural.
        package var content: String
        /// Whether it contains BLOBs, which a query can read as text.
        package var isBlobs: Bool
    }
}

extension SourceError {
    /// A column under another name that looks like Viber ids.
    package struct Suggestion: Sendable, Equatable {
        /// The column with its table, if it has one.
        package var described: String
        package var column: String

        package init(described: String, column: String) {
            self.described = described
            self.column = column
        }
    }
}

extension SourceError: Equatable {
    /// Errors are equal if their descriptions are.
    package static func == (left: SourceError, right: SourceError) -> Bool { left.description == right.description }
}
