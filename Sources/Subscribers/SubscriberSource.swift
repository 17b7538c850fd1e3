package import Files

/// A source of ids whose kind is known: found by what the file holds, not by its name.
package enum SubscriberSource {
    case csv(InputFile)
    case sqlite

    /// Opens the source far enough to know what it is.
    /// - Throws: `FileError` if it is missing, unreadable or no regular file; `SourceError` if it is empty or the options
    ///   are for another kind.
    package init(_ options: SourceOptions) throws {
        let wantsDatabase = options.table != nil || options.query != nil
        if options.isStandardInput {
            guard !wantsDatabase else { throw SourceError.notADatabase(name: options.name) }
            self = .csv(.standardInput)
            return
        }
        let file = try InputFile(opening: options.path)
        var head = [UInt8](repeating: 0, count: SQLiteFile.magic.count)
        let length = try file.read(at: 0, into: &head)
        if length == 0 { throw SourceError.empty(name: options.name) }
        if head == SQLiteFile.magic {
            guard !options.noHeader, options.delimiter == nil else { throw SourceError.notCSV(name: options.name) }
            self = .sqlite
        } else {
            guard !wantsDatabase else { throw SourceError.notADatabase(name: options.name) }
            self = .csv(file)
        }
    }

    /// `csv` or `sqlite`, as snapshots name it.
    var kind: String {
        switch self {
        case .csv: "csv"
        case .sqlite: "sqlite"
        }
    }

    /// Hands every row's id cell to `visit`; see `CSVSource.read` and `SQLiteSource.read`.
    func read(
        _ options: SourceOptions,
        _ visit: (SourceCell, _ line: Int) throws -> Void
    ) throws -> (column: String, warning: String?) {
        switch self {
        case .csv(let file): (try CSVSource(options, file: file).read(visit), nil)
        case .sqlite: try SQLiteSource(options).read(visit)
        }
    }
}
