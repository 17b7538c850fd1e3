/// What tells an SQLite database from other files.
enum SQLiteFile {
    /// The first bytes of every one (sqlite.org/fileformat.html, 1.3).
    static let magic = Array("SQLite format 3\0".utf8)
}
