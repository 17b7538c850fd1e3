import Files
import Formats
package import Model

/// `history.csv`: one row a run, plain, made to be linked from a spreadsheet.
///
/// It is read by the names of its columns, however a spreadsheet saved it, and written back in the same way: with its
/// delimiter, line ends, columns and order. What is not a run's row stays byte for byte; a person's own cells stay too.
package struct History: Sendable {
    package let path: String
    private var file: HistoryFile
    /// The bytes of the file as they were read; nil if there was none.
    private let content: [UInt8]?

    /// The most bytes of the file.
    private static let sizeLimit = 1 << 27

    /// Reads the file; one that is missing or empty is a history without rows.
    ///
    /// - Throws: `FileError` if it cannot be read, `ForeignHistory` if it is something else.
    package init(at path: String) throws {
        self.path = path
        guard let status = FileStatus(at: path) else {
            (file, content) = (HistoryFile(), nil)
            return
        }
        guard status.kind == .regular else { throw ForeignHistory("\(path) is \(status.noun), and no history") }
        let content = try FileSystem.contents(of: path, limit: Self.sizeLimit)
        self.content = content
        guard let file = HistoryFile(content) else {
            throw ForeignHistory("\(path) is not a history: its first line names no column run_id")
        }
        self.file = file
    }

    /// The runs that the file tells of, in its order, each once.
    package var rows: [HistoryRow] {
        var seen: Set<RunID> = []
        return file.lines.compactMap { line in
            guard case .row(let row) = line.content, seen.insert(row.run).inserted else { return nil }
            return row
        }
    }

    /// What a person should know of the file, in sentences.
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

    /// Puts a run's row in place of its earlier one, or at the end. A person's cells of the earlier one stay.
    package mutating func put(_ row: HistoryRow) { file.put(row) }

    /// Orders the rows of runs by when the runs started; all other lines come behind them.
    package mutating func sort() { file.sort() }

    /// Writes the file, if anything changed.
    ///
    /// - Parameter temporary: a name of this process's own on the same file system.
    /// - Throws: `FileError`.
    package func save(through temporary: String) throws {
        let bytes = file.bytes
        guard bytes != content else { return }
        try FileSystem.replaceFile(path, content: bytes, through: temporary)
    }
}

/// Something else has the name of the history.
package struct ForeignHistory: Error, CustomStringConvertible {
    package let description: String

    init(_ what: String) { description = what + ". Move it away: the next run begins a new history from the snapshots" }
}
