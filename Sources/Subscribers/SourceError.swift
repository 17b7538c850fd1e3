import Model

/// Why no id could be taken from a source. Nothing was sent when one of these is thrown.
package enum SourceError: Error, Sendable, Equatable {
    case empty(name: String)
    case looksLikeUTF16(name: String)
    case noText(name: String)
    case unterminatedQuote(name: String, line: Int)
    case noSuchColumn(String, columns: [String], name: String)
    case ambiguousColumn(String, name: String)
    case needsColumn(columns: [String], name: String)
    case positionNeeded(String)
    case ambiguousDelimiter(name: String)
    case notCSV(name: String)
    case notADatabase(name: String)
    case databaseOnStandardInput
    case compressedDatabase(name: String)
    case noSuchTable(String, tables: [String], name: String)
    case needsTable(tables: [String], name: String)
    case unreadableTable(String, why: String, name: String)
    case badQuery(String, name: String)
    case needsOwner(name: String)
    case unmergedLog(name: String)
    case needsRecovery(name: String)
    case damaged(String, name: String)
    case changedWhileReading(name: String)
    case everyRowRejected(rows: Int, reasons: String, name: String)
    /// The one that waiting mends.
    case locked(name: String)
}

extension SourceError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .empty(let name):
            "\(name) is empty. A failed export looks like this; a list of nobody has at least a header line"
        case .looksLikeUTF16(let name):
            "\(name) looks like UTF-16; convert it first: iconv -f UTF-16 -t UTF-8 \(name)"
        case .noText(let name):
            "\(name) holds no text, and is no SQLite database; an encrypted database or a spreadsheet file looks like this: "
                + "export it as CSV"
        case .unterminatedQuote(let name, let line):
            "\(name): the quote opened on line \(line) is never closed"
        case .noSuchColumn(let column, let columns, let name):
            "\(name) has no column '\(column)'; it has: \(Self.list(columns))"
        case .ambiguousColumn(let column, let name):
            "\(name) has more than one column '\(column)'; name one by its position: --column N"
        case .needsColumn(let columns, let name):
            "\(name) has several columns and none with a known name; say which holds the ids with --column NAME or "
                + "--column N. The first line has: \(Self.list(columns))"
        case .positionNeeded(let column):
            "with --no-header a column is given by its position from 1, not by the name '\(column)'"
        case .ambiguousDelimiter(let name):
            "more than one character could be the delimiter of \(name); say which with --delimiter C"
        case .notCSV(let name):
            "\(name) is an SQLite database, so --no-header and --delimiter do not apply"
        case .notADatabase(let name):
            "\(name) is not an SQLite database, so --table and --query do not apply"
        case .databaseOnStandardInput:
            "standard input is an SQLite database; give its path instead"
        case .compressedDatabase(let name):
            "\(name) is a compressed SQLite database; decompress it first"
        case .noSuchTable(let table, let tables, let name):
            "\(name) has no table '\(table)'; it has: \(Self.list(tables))"
        case .needsTable(let tables, let name):
            "\(name): say which table holds the ids with --table NAME (and --column NAME), or --query SQL; it has: "
                + Self.list(tables)
        case .unreadableTable(let table, let why, let name):
            "cannot read '\(table)' of \(name): \(why)"
        case .badQuery(let why, let name):
            "--query does not run on \(name): \(why)"
        case .needsOwner(let name):
            "\(name) cannot be opened without writing beside it, as a database with a write-ahead log needs; run as the "
                + "user that owns it, or copy it first"
        case .unmergedLog(let name):
            "\(name) has rows in its write-ahead log that this user cannot read; run as the user that owns it, or copy it "
                + "together with \(name)-wal first"
        case .needsRecovery(let name):
            "\(name) was left in the middle of a change and needs recovery (\(name)-journal is there); open it once as the "
                + "user that owns it"
        case .damaged(let why, let name):
            "\(name) is damaged: \(why). No id was sent"
        case .changedWhileReading(let name):
            "\(name) changed while it was read; run again when its writer is done"
        case .everyRowRejected(let rows, let reasons, let name):
            "not one of the \(rows) rows of \(name) holds an id (\(reasons)); is it the right column?"
        case .locked(let name):
            "\(name) was locked by another process for 30 seconds; run again"
        }
    }

    private static func list(_ names: [String]) -> String {
        guard !names.isEmpty else { return "none" }
        let shown = names.prefix(20).map { "'\(SafeText(String($0.prefix(60))))'" }.joined(separator: ", ")
        return names.count > 20 ? shown + ", and \(names.count - 20) more" : shown
    }
}
