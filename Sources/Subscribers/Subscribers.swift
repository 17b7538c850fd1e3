import Files

/// An open source of ids. Its content, not its name, determines its kind.
package struct SubscriberSource: Sendable {
    package let options: SourceOptions
    private let kind: Kind

    private enum Kind: Sendable {
        case csv(InputFile)
        case sqlite(InputFile)
    }

    /// Opens the source and reads enough of it to determine its kind.
    /// - Throws: `FileError` if it is missing, unreadable or not a regular file; `SourceError` if it is empty or the
    ///   options are for another kind.
    package init(_ options: SourceOptions) throws {
        self.options = options
        if options.isStandardInput {
            kind = .csv(.standardInput)
            return
        }
        let file = try Self.open(options)
        var head = [UInt8](repeating: 0, count: SQLiteFile.magic.count)
        let length = try file.read(at: 0, into: &head)
        if length == 0 { throw SourceError.empty(name: options.name) }
        if head == SQLiteFile.magic {
            guard !options.noHeader, options.delimiter == nil else { throw SourceError.notCSV(name: options.name) }
            kind = .sqlite(file)
        } else {
            kind = .csv(file)
        }
    }

    private static func open(_ options: SourceOptions) throws -> InputFile {
        do {
            return try InputFile(opening: options.path)
        } catch let error as FileError {
            guard !options.path.isEmpty else {
                throw FileError(
                    .unreadable, "cannot read",
                    path: "'' in \(FilePaths.absolute("")): the source is empty text; a variable "
                        + "that is not set looks like this")
            }
            guard FileSystem.exists(options.path) else {
                throw FileError(
                    .unreadable, "cannot read", path: FilePaths.absolute(options.path) + ": no such file or directory")
            }
            guard InputFile.isPipe(options.path) else { throw error }
            throw FileError(
                .unreadable, "cannot read",
                path: options.path
                    + ": it is a pipe; give '-' as the source, and pipe the list in (… | viber-rollcall -)")
        }
    }

    /// The kind in snapshots: `csv` or `sqlite`.
    var kindName: String {
        switch kind {
        case .csv: "csv"
        case .sqlite: "sqlite"
        }
    }

    /// The word for a line in messages.
    var lineUnit: String {
        switch kind {
        case .csv: "line"
        case .sqlite: "row"
        }
    }

    /// The size and modification time, which change when the source is written; nil for standard input.
    package func state() throws -> String? {
        guard !options.isStandardInput else { return nil }
        switch kind {
        case .csv(let file): return try file.identity().description
        case .sqlite(let file):
            return try file.identity().description + " " + SQLiteSource.logState(options.path)
        }
    }

    /// Finds the id column and passes its cell in every row to `visit`.
    /// - Throws: `SourceError`, `GzipError`, `FileError`, and the errors of `visit`.
    func read(_ visit: (SourceCell, _ line: Int) throws -> Void) throws -> SourceColumn {
        switch kind {
        case .csv(let file):
            let source = try CSVSource(options, file: file)
            let warnings = try source.read(visit)
            return SourceColumn(name: source.columnName, table: nil, warnings: warnings)
        case .sqlite: return try SQLiteSource(options).read(visit)
        }
    }
}

/// The column that was read.
struct SourceColumn {
    /// The column's name; its position from 1 if it has no name.
    var name: String
    /// The table of a database.
    var table: String?
    /// Warnings for the user about how it was found and read.
    var warnings: [String] = []
}
