import Files

/// The id column of a CSV file, from a path or standard input.
struct CSVSource {
    private let options: SourceOptions
    private let file: InputFile
    private let reader: CSVReader
    private let before: InputFile.Identity

    /// Reads the beginning of the file and finds the id column.
    /// - Throws: the errors of `CSVReader.init`, and `FileError`.
    init(_ options: SourceOptions, file: InputFile) throws {
        self.options = options
        self.file = file
        before = try file.identity()
        reader = try CSVReader(file, options: options)
    }

    var columnName: String { reader.layout.columnName }

    /// Passes every data row's id cell to `visit`, as `CSVReader.read` does, and throws if the file changed in between.
    func read(_ visit: (SourceCell, _ line: Int) throws -> Void) throws -> [String] {
        let warnings = try reader.read(visit)
        // A pipe has no state to compare.
        if !options.isStandardInput, try file.identity() != before {
            throw SourceError.changedWhileReading(name: options.name)
        }
        return warnings
    }
}
