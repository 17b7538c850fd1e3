import Files
import GRDB

/// Reads the id column of an SQLite database as it stands at one moment, changing nothing.
///
/// Opened read-only and never `immutable`, so that rows which are only in the write-ahead log are seen. No DISTINCT, no
/// ORDER BY, no index: a NOCASE column would merge ids, and an index would lose the order of the rows.
struct SQLiteSource {
    private let options: SourceOptions

    init(_ options: SourceOptions) { self.options = options }

    /// Passes every row's id cell to `visit`, with its number from 1.
    ///
    /// A database that has a write-ahead log and stands in a directory we cannot write to cannot be opened as others are; if
    /// nothing is in the log, and nobody changes the file meanwhile, it is read as one that nobody writes to.
    /// - Throws: `SourceError`, and what `visit` throws.
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
                "\(options.name) stands in a directory that this user cannot write to; it was read as a database that "
                    + "no process writes to")
            return column
        }
    }

    /// State of the write-ahead log beside a database: its size and time of change.
    static func logState(_ path: String) -> String {
        guard FileSystem.exists(path + "-wal") else { return "" }
        return (try? InputFile(opening: path + "-wal").identity().description) ?? "?"
    }

    private func read(path: String, _ visit: (SourceCell, _ row: Int) throws -> Void) throws -> SourceColumn {
        // Whether a row was passed on: then the schema was parsed, and nothing is read again.
        var hasBegun = false
        let visitRow: (SourceCell, Int) throws -> Void = { cell, row in
            hasBegun = true
            try visit(cell, row)
        }
        do {
            do {
                return try read(path: path, SQLiteConnection.strict, failures: nil, visitRow)
            } catch let error as DatabaseError where !hasBegun && UnparsedSchema.isCause(of: error) {
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

    /// Bytes of a file beside the database; 0 if there is none.
    private static func size(_ path: String) -> Int {
        guard FileSystem.exists(path) else { return 0 }
        return (try? InputFile(opening: path).identity().size) ?? 1
    }

    /// A URI, which Debian's SQLite reads as one without being told.
    private static func immutablePath(_ path: String) -> String { uri(path) + "?immutable=1" }

    /// Debian's SQLite takes a path that begins with `file:` for a URI. A path that is not UTF-8 can be given as one only.
    private static func plainPath(_ path: String) -> String {
        if FilePaths.hasInvalidUTF8(path) { return uri(path) }
        return path.hasPrefix("file:") ? "./" + path : path
    }

    private static func uri(_ path: String) -> String {
        // With two slashes more, what follows is no host, though the path may begin with two of its own.
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
        let why = (error.message ?? "SQLite error") + " (SQLite \(error.extendedResultCode.rawValue))"
        switch error.resultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT, .SQLITE_IOERR: return .damaged(why, name: options.name)
        case .SQLITE_READONLY, .SQLITE_CANTOPEN:
            return .cannotOpenReadOnly(name: options.name)
        case .SQLITE_BUSY, .SQLITE_LOCKED: return .locked(name: options.name)
        default:
            return options.query == nil
                ? .unreadableTable(options.table ?? options.name, why: why, name: options.name)
                : .badQuery(why, name: options.name)
        }
    }
}
