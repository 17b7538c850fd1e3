import Files

/// A source of ids that is open and whose kind is known: found by its content, not by its name.
package struct SubscriberSource: Sendable {
    package let options: SourceOptions
    private let kind: Kind

    private enum Kind: Sendable {
        case csv(InputFile)
        case sqlite(InputFile)
    }

    /// Opens the source far enough to know what it is.
    /// - Throws: `FileError` if it is missing, unreadable or not a regular file; `SourceError` if it is empty or the
    ///   options are for another kind.
    package init(_ options: SourceOptions) throws {
        self.options = options
        if options.isStandardInput {
            kind = .csv(.standardInput)
            return
        }
        let file = try Self.opened(options)
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

    private static func opened(_ options: SourceOptions) throws -> InputFile {
        do {
            return try InputFile(opening: options.path)
        } catch let error as FileError {
            guard !options.path.isEmpty else {
                throw FileError(
                    .unreadable, "cannot read",
                    path: "'' in \(FilePaths.absolute("")): the source is empty text; a variable "
                        + "that is not set gives this")
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

    /// `csv` or `sqlite`, as snapshots name it.
    var kindName: String {
        switch kind {
        case .csv: "csv"
        case .sqlite: "sqlite"
        }
    }

    /// What lines are called in messages.
    var lineUnit: String {
        switch kind {
        case .csv: "line"
        case .sqlite: "row"
        }
    }

    /// What tells one state of the source from another: size and time of change. Nil for standard input.
    package func state() throws -> String? {
        guard !options.isStandardInput else { return nil }
        switch kind {
        case .csv(let file): return try file.identity().description
        case .sqlite(let file):
            return try file.identity().description + " " + SQLiteSource.logState(options.path)
        }
    }

    /// Finds the id column and passes every row's cell in it to `visit`.
    /// - Throws: `SourceError`, `GzipError`, `FileError`, and what `visit` throws.
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
    /// The column's name, or its position where it has none.
    var name: String
    /// The table of a database.
    var table: String?
    /// What a person should know of how it was found and read, in sentences.
    var warnings: [String] = []
}
