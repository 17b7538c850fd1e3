import GRDB
import GRDBSQLite

/// The rows of a SELECT, with cells as bytes.
///
/// It reads the cells from the SQLite statement: GRDB's text passes through C strings, which end at NUL and hide
/// invalid UTF-8.
struct SQLiteRows {
    private let statement: Statement

    /// Compiles a statement.
    /// - Throws: `DatabaseError`.
    init(_ sql: String, in database: Database) throws {
        statement = try database.makeStatement(sql: sql)
    }

    var isReadOnly: Bool { statement.isReadonly }

    /// Passes the cells of each row to `visit`, by their index, until `visit` returns false.
    ///
    /// Cells share a buffer, which is copied if a cell is kept while the next one is read.
    func read(_ visit: ((_ index: Int) -> SourceCell) throws -> Bool) throws {
        let cursor = try Row.fetchCursor(statement)
        var row = unsafe SQLiteRow(statement: statement.sqliteStatement)
        while try cursor.next() != nil { guard try visit({ row.cell($0) }) else { return } }
    }
}

/// The current row of a statement.
@safe
struct SQLiteRow {
    private let statement: OpaquePointer?
    /// The bytes of the last cell; one array for all rows, since allocating one per id is slow.
    private var buffer = [UInt8](repeating: 0, count: limit)

    @unsafe
    init(statement: OpaquePointer?) { unsafe self.statement = statement }

    /// The cell in a column. Only the beginning of text that is longer than any id is copied.
    mutating func cell(_ index: Int) -> SourceCell {
        let column = CInt(index)
        switch unsafe sqlite3_column_type(statement, column) {
        case SQLITE_TEXT:
            // The length of text is read after the text, because SQLite may have to convert the text first.
            guard let start = unsafe sqlite3_column_text(statement, column) else { return .text([]) }
            let length = unsafe Int(sqlite3_column_bytes(statement, column))
            let bytes = unsafe copy(UnsafeRawBufferPointer(start: start, count: min(length, Self.limit)))
            if length > Self.limit { return .unusable(.idTooLong, bytes) }
            let isNull = length <= Self.nullLimit && NullMarker.matches(IDWhitespace.trim(bytes))
            return isNull ? .unusable(.null, bytes) : .text(bytes)
        case SQLITE_NULL: return .unusable(.null, [])
        case SQLITE_BLOB:
            // SQLite allocates a zeroblob only when its bytes are read, so the length is read first.
            let length = unsafe Int(sqlite3_column_bytes(statement, column))
            guard length > 0, length <= Self.limit, let start = unsafe sqlite3_column_blob(statement, column) else {
                return .blob([])
            }
            return .blob(unsafe copy(UnsafeRawBufferPointer(start: start, count: length)))
        default:
            guard let start = unsafe sqlite3_column_text(statement, column) else { return .number([]) }
            let length = unsafe Int(sqlite3_column_bytes(statement, column))
            return .number(unsafe copy(UnsafeRawBufferPointer(start: start, count: length)))
        }
    }

    @unsafe
    private mutating func copy(_ bytes: UnsafeRawBufferPointer) -> ArraySlice<UInt8> {
        let count = min(bytes.count, Self.limit)
        unsafe buffer.withUnsafeMutableBytes {
            unsafe $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
        }
        return buffer[..<count]
    }

    /// Maximum bytes copied of a cell: more than an id with blanks around it has.
    private static let limit = 512
    /// Maximum bytes of a null marker with blanks around it.
    private static let nullLimit = 16
}
