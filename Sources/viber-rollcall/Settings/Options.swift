import ArgumentParser

/// The values that were typed, keyed by option.
typealias TypedOptions = [OptionKey: String]

extension TypedOptions {
    /// Leaves out what was not typed.
    init(_ values: [(OptionKey, String?)], flags: [(OptionKey, Bool)] = []) {
        self.init(
            values.compactMap { key, value in value.map { (key, $0) } }
                + flags.compactMap { key, isGiven in isGiven ? (key, "true") : nil },
            uniquingKeysWith: { $1 })
    }

    static func + (left: Self, right: Self) -> Self { left.merging(right) { $1 } }
}

/// The source of the ids.
struct SourceArguments: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "CSV file (plain or gzip), SQLite database, or - for standard input. The content decides which.",
            valueName: "source"))
    var source: String?

    /// Arguments after the source, which are a mistake; parsed so that the error can name them.
    @Argument(help: .hidden)
    var others: [String] = []

    @Option(.column) var column: String?
    @Flag(.noHeader) var noHeader = false
    @Option(.delimiter) var delimiter: String?
    @Option(.table) var table: String?
    // A query may start with a comment, and so with dashes.
    @Option(.query, parsing: .unconditional) var query: String?

    var typed: TypedOptions {
        TypedOptions(
            [(.column, column), (.delimiter, delimiter), (.table, table), (.query, query)],
            flags: [(.noHeader, noHeader)])
    }
}

/// How the API is reached.
struct APIArguments: ParsableArguments {
    @Option(.tokenFile) var tokenFile: String?
    @Option(.baseURL) var baseURL: String?
    @Option(.caFile) var caFile: String?
    @Option(.timeout) var timeout: String?
    @Flag(.keepWebhook) var keepWebhook = false

    var typed: TypedOptions {
        TypedOptions(
            [(.tokenFile, tokenFile), (.baseURL, baseURL), (.caFile, caFile), (.timeout, timeout)],
            flags: [(.keepWebhook, keepWebhook)])
    }
}

/// What a command prints, and where.
struct OutputArguments: ParsableArguments {
    @Flag(.json) var json = false
    @Flag(.quiet) var quiet = false
    @Flag(name: OptionKey.verbose.names, help: OptionKey.verbose.help) var verbose: Int

    var typed: TypedOptions {
        TypedOptions(
            [(.verbose, verbose > 0 ? String(verbose) : nil)], flags: [(.json, json), (.quiet, quiet)])
    }
}

/// The directory that holds the snapshots.
struct ReportsArguments: ParsableArguments {
    @Option(.reports) var outputDir: String?
}
