import Files
import GRDB

/// Reads the id column of an SQLite database in one read-only transaction.
///
/// The database is opened read-only and not `immutable`, so that rows which are only in the write-ahead log are read.
/// The query has no DISTINCT or ORDER BY and uses no index: a NOCASE column would merge ids, an index reorder the rows.
struct SQLiteSource {
    private let options: SourceOptions

    init(_ options: SourceOptions) { self.options = options }

    /// Passes every row's id cell to `visit`, with the row number from 1.
    ///
    /// SQLite cannot open a database with a write-ahead log in a directory that this user cannot write to. If the log
    /// is empty and the file does not change while it is read, it is read as `immutable`.
    /// - Throws: `SourceError`, and the errors of `visit`.
    func read(_ visit: (SourceCell, _ row: Int) throws -> Void) throws -> SourceColumn {
        do {
            return try read(path: Self.plainPath(options.path), visit)
        } catch SourceError.cannotOpenReadOnly {
            guard Self.size(options.path + "-journal") == 0 else { throw SourceError.needsRecovery(name: options.name) }
            guard Self.size(options.path + "-wal") == 0 else { throw SourceError.unmergedLog(name: options.name) }
            let file = try InputFile(opening: options.path)
            let before = try file.identity()
            var column = try read(path: Self.immutablePath(options.path), visit)
            guard try file.identity() == before, Self.size(options.path + "-wal") == 0 else {
                throw SourceError.changedWhileReading(name: options.name)
            }
            column.warnings.append(
                "\(options.name) is in a directory that this user cannot write to; it was read as a database that "
                    + "no process writes to")
            return column
        }
    }

    /// The size and modification time of the write-ahead log of a database; empty if there is none.
    static func logState(_ path: String) -> String {
        guard FileSystem.exists(path + "-wal") else { return "" }
        return (try? InputFile(opening: path + "-wal").identity().description) ?? "?"
    }

    private func read(path: String, _ visit: (SourceCell, _ row: Int) throws -> Void) throws -> SourceColumn {
        // Whether a row was visited: then the schema was parsed, and nothing is read again.
        var hasVisited = false
        let visitRow: (SourceCell, Int) throws -> Void = { cell, row in
            hasVisited = true
            try visit(cell, row)
        }
        do {
            do {
                return try read(path: path, SQLiteConnection.strict, failures: nil, visitRow)
            } catch let error as DatabaseError where !hasVisited && UnparsedSchema.isCause(of: error) {
                return try read(path: path, SQLiteConnection.lenient, failures: UnparsedSchema.failures, visitRow)
            }
        } catch let error as DatabaseError {
            throw sourceError(error)
        }
    }

    private func read(
        path: String,
        _ configuration: Configuration,
        failures: (([SQLiteTable]) -> [String: String])?,
        _ visit: (SourceCell, _ row: Int) throws -> Void
    ) throws -> SourceColumn {
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? queue.close() }
        return try queue.read { database in
            let selection = try SQLiteSelection(options, failures: failures, in: database)
            let rows = try SQLiteRows(selection.sql, in: database)
            guard rows.isReadOnly else { throw SourceError.badQuery("it is not read-only", name: options.name) }
            var number = 0
            try rows.read { cell in
                number += 1
                try visit(cell(0), number)
                return true
            }
            return SourceColumn(name: selection.column, table: selection.table)
        }
    }

    /// The size of a file in bytes; 0 if it does not exist.
    private static func size(_ path: String) -> Int {
        guard FileSystem.exists(path) else { return 0 }
        return (try? InputFile(opening: path).identity().size) ?? 1
    }

    /// A URI; Debian's SQLite accepts URIs by default.
    private static func immutablePath(_ path: String) -> String { uri(path) + "?immutable=1" }

    /// A path that SQLite does not read as a URI, which Debian's SQLite does if it starts with `file:`. A path that is
    /// not UTF-8 can only be given as a URI.
    private static func plainPath(_ path: String) -> String {
        if FilePaths.hasInvalidUTF8(path) { return uri(path) }
        return path.hasPrefix("file:") ? "./" + path : path
    }

    private static func uri(_ path: String) -> String {
        // With two more slashes the path is not read as a host, even if it starts with two slashes itself.
        var uri = path.hasPrefix("/") ? "file://" : "file:"
        for byte in FilePaths.bytes(path) {
            let isPlain =
                byte < 0x80 && (Character(Unicode.Scalar(byte)).isLetter || "/.-_0123456789".utf8.contains(byte))
            if isPlain {
                uri.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                uri += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }
        return uri
    }

    private func sourceError(_ error: DatabaseError) -> SourceError {
        let reason = (error.message ?? "SQLite error") + " (SQLite \(error.extendedResultCode.rawValue))"
        switch error.resultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT, .SQLITE_IOERR: return .damaged(reason, name: options.name)
        case .SQLITE_READONLY, .SQLITE_CANTOPEN:
            return .cannotOpenReadOnly(name: options.name)
        case .SQLITE_BUSY, .SQLITE_LOCKED: return .locked(name: options.name)
        default:
            return options.query == nil
                ? .unreadableTable(options.table ?? options.name, reason: reason, name: options.name)
                : .badQuery(reason, name: options.name)
        }
    }
}
