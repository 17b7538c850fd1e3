import Files
import GRDB
import GRDBSQLite

/// Reads the id column of an SQLite database as it stands at one moment, changing nothing.
///
/// Opened read-only and never `immutable`, so that rows which are only in the write-ahead log are seen. No DISTINCT, no
/// ORDER BY, no index: a NOCASE column would merge ids, and an index would lose the order of the rows.
struct SQLiteSource {
    private let options: SourceOptions

    init(_ options: SourceOptions) { self.options = options }

    /// Hands every row's id cell to `visit`, with its number from 1.
    ///
    /// A database that has a write-ahead log and stands in a directory we cannot write to cannot be opened as others are; if
    /// nothing is in the log, and nobody changes the file meanwhile, it is read as one that nobody writes to.
    /// Returns the id column's name, and a sentence if there is something to say.
    /// Throws `SourceError`, and what `visit` throws.
    func read(_ visit: (SourceCell, _ row: Int) throws -> Void) throws -> (column: String, warning: String?) {
        do {
            return (try read(path: Self.plainPath(options.path), visit), nil)
        } catch SourceError.needsOwner {
            guard Self.size(options.path + "-journal") == 0 else { throw SourceError.needsRecovery(name: options.name) }
            guard Self.size(options.path + "-wal") == 0 else { throw SourceError.unmergedLog(name: options.name) }
            let file = try InputFile(opening: options.path)
            let before = try file.identity()
            let column = try read(path: Self.immutablePath(options.path), visit)
            guard try file.identity() == before, Self.size(options.path + "-wal") == 0 else {
                throw SourceError.changedWhileReading(name: options.name)
            }
            return (
                column,
                "\(options.name) stands in a directory that this user cannot write to; it was read as a database that "
                    + "nobody writes to"
            )
        }
    }

    private func read(path: String, _ visit: (SourceCell, _ row: Int) throws -> Void) throws -> String {
        do {
            let queue = try DatabaseQueue(path: path, configuration: Self.configuration)
            defer { try? queue.close() }
            return try queue.read { database in
                let selection = try Selection(options, in: database)
                try Self.readRows(selection, in: database, visit)
                return selection.column
            }
        } catch let error as DatabaseError {
            throw sourceError(error)
        }
    }

    /// Bytes of a file beside the database; 0 if there is none.
    private static func size(_ path: String) -> Int {
        guard Directories.exists(path) else { return 0 }
        return (try? InputFile(opening: path).identity().size) ?? 1
    }

    /// A URI, which Debian's SQLite reads as one without being told.
    private static func immutablePath(_ path: String) -> String {
        // With two slashes more, what follows is no host, though the path may begin with two of its own.
        var uri = path.hasPrefix("/") ? "file://" : "file:"
        for byte in path.utf8 {
            let isPlain =
                byte < 0x80 && (Character(Unicode.Scalar(byte)).isLetter || "/.-_0123456789".utf8.contains(byte))
            if isPlain {
                uri.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                uri += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }
        return uri + "?immutable=1"
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(30)
        configuration.prepareDatabase { database in
            for pragma in ["query_only = ON", "trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0"] {
                try database.execute(sql: "PRAGMA " + pragma)
            }
        }
        return configuration
    }

    /// Debian's SQLite takes a path that begins with `file:` for a URI.
    private static func plainPath(_ path: String) -> String { path.hasPrefix("file:") ? "./" + path : path }

    private static func readRows(
        _ selection: Selection,
        in database: Database,
        _ visit: (SourceCell, _ row: Int) throws -> Void
    ) throws {
        let statement = try database.makeStatement(sql: selection.sql)
        guard statement.isReadonly else { throw SourceError.badQuery("it is not read-only", name: selection.name) }
        let cursor = try Row.fetchCursor(statement)
        var bytes: [UInt8] = []
        var row = 0
        while try cursor.next() != nil {
            row += 1
            // The statement itself is read: GRDB's own text goes through C strings, which end at NUL and hide bad UTF-8.
            let handle = unsafe statement.sqliteStatement
            let type = unsafe sqlite3_column_type(handle, 0)
            bytes.removeAll(keepingCapacity: true)
            if type == SQLITE_BLOB {
                let length = unsafe Int(sqlite3_column_bytes(handle, 0))
                if length > 0, let start = unsafe sqlite3_column_blob(handle, 0) {
                    unsafe bytes.append(contentsOf: UnsafeRawBufferPointer(start: start, count: length))
                }
            } else if let text = unsafe sqlite3_column_text(handle, 0) {
                let length = unsafe Int(sqlite3_column_bytes(handle, 0))
                unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: text, count: length))
            }
            switch type {
            case SQLITE_TEXT: try visit(.text(bytes[...]), row)
            case SQLITE_NULL: try visit(.unusable(.null, []), row)
            default: try visit(.unusable(.notText, bytes[...]), row)
            }
        }
    }

    private func sourceError(_ error: DatabaseError) -> SourceError {
        let why = (error.message ?? "SQLite error") + " (SQLite \(error.extendedResultCode.rawValue))"
        switch error.resultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT, .SQLITE_IOERR: return .damaged(why, name: options.name)
        case .SQLITE_READONLY, .SQLITE_CANTOPEN:
            return .needsOwner(name: options.name)
        case .SQLITE_BUSY, .SQLITE_LOCKED: return .locked(name: options.name)
        default:
            return options.query == nil
                ? .unreadableTable(options.table ?? options.name, why: why, name: options.name)
                : .badQuery(why, name: options.name)
        }
    }
}
