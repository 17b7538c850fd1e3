import Files

/// Where ids come from, as the user said it.
package struct SourceOptions: Sendable, Equatable {
    /// Path of a CSV file or SQLite database, or `-` for standard input.
    package var path: String
    /// The id column's name or, for CSV, its position from 1.
    package var column: String?
    /// CSV: the first line is data, whatever it holds.
    package var noHeader = false
    /// CSV: found on the first line if nil.
    package var delimiter: UInt8?
    /// SQLite: a table or view.
    package var table: String?
    /// SQLite: one read-only SELECT whose first column is the id.
    package var query: String?

    package init(path: String) { self.path = path }

    package var isStandardInput: Bool { path == "-" }

    /// The base name, as snapshots and messages give it.
    package var name: String {
        isStandardInput ? "stdin" : FilePaths.escaped(path.split(separator: "/").last.map(String.init) ?? path)
    }
}
