import Files
import Formats
package import Model

/// `history.csv`: one uncompressed row per run, for use in a spreadsheet.
///
/// It is read by the names of its columns, however a spreadsheet saved it, and written back with the same delimiter,
/// line ends, columns and order. Lines that are not rows of runs are kept byte for byte; so are the user's own cells.
package struct History: Sendable {
    package let path: String
    private var file: HistoryFile
    /// The bytes read from the file; nil if there was no file.
    private let content: [UInt8]?

    /// The maximum size of the file in bytes.
    private static let sizeLimit = 1 << 27

    /// Reads the file; a missing or empty file is a history without rows.
    ///
    /// - Parameter path: the file.
    /// - Throws: `FileError` if it cannot be read; `ForeignHistory` if it is not a history.
    package init(at path: String) throws {
        self.path = path
        guard let status = FileStatus(at: path) else {
            (file, content) = (HistoryFile(), nil)
            return
        }
        guard status.kind == .regular else { throw ForeignHistory("\(path) is \(status.noun), not a history") }
        let content = try FileSystem.contents(of: path, limit: Self.sizeLimit)
        self.content = content
        guard let file = HistoryFile(content) else {
            throw ForeignHistory("\(path) is not a history: its first line names no column run_id")
        }
        self.file = file
    }

    /// The runs in the file, in its order, each once.
    package var rows: [HistoryRow] {
        var seen: Set<RunID> = []
        return file.lines.compactMap { line in
            guard case .row(let row) = line.content, seen.insert(row.run).inserted else { return nil }
            return row
        }
    }

    /// Warnings about the file, one sentence each.
    package var warnings: [String] {
        let numbers = file.lines.filter { $0.content == .unreadable }.map(\.number)
        guard let first = numbers.first else { return [] }
        let listed = numbers.prefix(5).map(String.init).joined(separator: ", ") + (numbers.count > 5 ? ", …" : "")
        let (which, what) =
            numbers.count == 1
            ? ("line \(first)", "is not the row of a run; it is kept as it is")
            : ("lines \(listed)", "are not rows of runs; they are kept as they are")
        return ["\(path): \(which) \(what)"]
    }

    /// Replaces the row of a run, or appends it at the end. The user's own cells in a replaced row are kept.
    package mutating func put(_ row: HistoryRow) { file.put(row) }

    /// Sorts the rows of runs by start time; all other lines follow.
    package mutating func sort() { file.sort() }

    /// Writes the file if anything changed.
    ///
    /// - Parameter temporary: a name that only this process uses, on the same file system.
    /// - Throws: `FileError`.
    package func save(through temporary: String) throws {
        let bytes = file.bytes
        guard bytes != content else { return }
        try FileSystem.replaceFile(path, content: bytes, through: temporary)
    }
}

/// The file at the path of the history is not a history.
package struct ForeignHistory: Error, CustomStringConvertible {
    package let description: String

    init(_ what: String) { description = what + ". Move it away: the next run makes a new history from the snapshots" }
}
