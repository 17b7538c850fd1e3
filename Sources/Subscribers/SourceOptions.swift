import Files

/// The source of the ids, as the user gave it.
package struct SourceOptions: Sendable, Equatable {
    /// Path of a CSV file or SQLite database, or `-` for standard input.
    package var path: String
    /// The id column's name or, for CSV, its position from 1.
    package var column: String?
    /// CSV: whether the first line is data, whatever it contains.
    package var noHeader = false
    /// CSV: the delimiter; nil to detect it.
    package var delimiter: UInt8?
    /// SQLite: the table or view.
    package var table: String?
    /// SQLite: one read-only SELECT whose first column is the id.
    package var query: String?

    package init(path: String) { self.path = path }

    package var isStandardInput: Bool { path == "-" }

    /// The base name, for snapshots and messages.
    package var name: String {
        isStandardInput ? "stdin" : FilePaths.escaped(path.split(separator: "/").last.map(String.init) ?? path)
    }
}
