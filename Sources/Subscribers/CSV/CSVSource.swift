import Files

/// Reads the id column of a CSV file, from a path or standard input.
struct CSVSource {
    private let options: SourceOptions
    private let file: InputFile

    init(_ options: SourceOptions, file: InputFile) {
        self.options = options
        self.file = file
    }

    /// As `CSVColumn.read`, of a file that stays as it is meanwhile.
    func read(_ visit: (SourceCell, _ line: Int) throws -> Void) throws -> String {
        let before = try file.identity()
        let column = try CSVColumn(options).read(file, visit)
        // A pipe has no state to compare.
        if !options.isStandardInput, try file.identity() != before {
            throw SourceError.changedWhileReading(name: options.name)
        }
        return column
    }
}
