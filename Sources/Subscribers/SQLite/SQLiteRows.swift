import GRDB
import GRDBSQLite

/// The rows of a SELECT, with cells as bytes.
///
/// The statement itself is read: GRDB's own text goes through C strings, which end at NUL and hide bad UTF-8.
struct SQLiteRows {
    private let statement: Statement

    /// - Throws: `DatabaseError`; `SourceError` if the statement does not only read.
    init(_ sql: String, in database: Database) throws {
        statement = try database.makeStatement(sql: sql)
    }

    var isReadOnly: Bool { statement.isReadonly }

    /// Passes the cells of each row to `visit`, by their index, until that returns false. Cells share a buffer, which is
    /// copied if one is kept while the next is read.
    func read(_ visit: ((_ index: Int) -> SourceCell) throws -> Bool) throws {
        let cursor = try Row.fetchCursor(statement)
        var row = unsafe SQLiteRow(statement: statement.sqliteStatement)
        while try cursor.next() != nil { guard try visit({ row.cell($0) }) else { return } }
    }
}

/// The row that a statement is at.
@safe
struct SQLiteRow {
    private let statement: OpaquePointer?
    /// The bytes of the last cell; one array for all rows, since an allocation for each id is slow.
    private var buffer = [UInt8](repeating: 0, count: limit)

    @unsafe
    init(statement: OpaquePointer?) { unsafe self.statement = statement }

    /// The cell in a column. Of one that is longer than any id only the beginning is copied.
    mutating func cell(_ index: Int) -> SourceCell {
        let column = CInt(index)
        switch unsafe sqlite3_column_type(statement, column) {
        case SQLITE_TEXT:
            // The length of text is asked for behind the text: SQLite may have to convert it first.
            guard let start = unsafe sqlite3_column_text(statement, column) else { return .text([]) }
            let length = unsafe Int(sqlite3_column_bytes(statement, column))
            let bytes = unsafe copy(UnsafeRawBufferPointer(start: start, count: min(length, Self.limit)))
            if length > Self.limit { return .unusable(.idTooLong, bytes) }
            let isNull = length <= Self.nullLimit && NullMarker.matches(IDWhitespace.trim(bytes))
            return isNull ? .unusable(.null, bytes) : .text(bytes)
        case SQLITE_NULL: return .unusable(.null, [])
        case SQLITE_BLOB:
            // A BLOB of zeros is not made before its bytes are asked for, so its length is asked for first.
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

    /// Bytes of a cell: more than an id has, with the blanks around it.
    private static let limit = 512
    /// Bytes of a null marker with blanks around it.
    private static let nullLimit = 16
}
