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

    /// Passes each row to `visit` until that returns false.
    func read(_ visit: (SQLiteRow) throws -> Bool) throws {
        let cursor = try Row.fetchCursor(statement)
        while try cursor.next() != nil {
            guard try visit(unsafe SQLiteRow(statement: statement.sqliteStatement)) else { return }
        }
    }
}

/// The row that a statement is at.
@safe
struct SQLiteRow {
    private let statement: OpaquePointer?

    @unsafe
    init(statement: OpaquePointer?) { unsafe self.statement = statement }

    /// The cell in a column. Of one that is longer than any id only the beginning is copied.
    func cell(_ index: Int) -> SourceCell {
        let column = CInt(index)
        switch unsafe sqlite3_column_type(statement, column) {
        case SQLITE_TEXT:
            // The length of text is asked for behind the text: SQLite may have to convert it first.
            guard let start = unsafe sqlite3_column_text(statement, column) else { return .text([]) }
            let length = unsafe Int(sqlite3_column_bytes(statement, column))
            let text = unsafe UnsafeRawBufferPointer(start: start, count: min(length, Self.limit))
            let bytes = unsafe ArraySlice(text)
            if length > Self.limit { return .unusable(.idTooLong, bytes) }
            return NullMarker.matches(IDWhitespace.trim(bytes)) ? .unusable(.null, bytes) : .text(bytes)
        case SQLITE_NULL: return .unusable(.null, [])
        case SQLITE_BLOB:
            // A BLOB of zeros is not made before its bytes are asked for, so its length is asked for first.
            let length = unsafe Int(sqlite3_column_bytes(statement, column))
            guard length > 0, length <= Self.limit, let start = unsafe sqlite3_column_blob(statement, column) else {
                return .blob([])
            }
            return .blob(unsafe ArraySlice(UnsafeRawBufferPointer(start: start, count: length)))
        default:
            guard let start = unsafe sqlite3_column_text(statement, column) else { return .number([]) }
            let length = unsafe Int(sqlite3_column_bytes(statement, column))
            return .number(unsafe ArraySlice(UnsafeRawBufferPointer(start: start, count: length)))
        }
    }

    /// Bytes of a cell: more than an id has, with the blanks around it.
    private static let limit = 512
}
