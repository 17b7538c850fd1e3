/// The format of SQLite database files.
enum SQLiteFile {
    /// The first bytes of every database file (sqlite.org/fileformat.html, 1.3).
    static let magic = Array("SQLite format 3\0".utf8)
}
