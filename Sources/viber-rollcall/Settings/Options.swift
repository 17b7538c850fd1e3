import ArgumentParser

/// Values as typed, by the option that they were typed for.
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

/// Where the ids come from.
struct SourceArguments: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "A CSV file (plain or gzip), an SQLite database, or - for standard input. The kind is found by content.",
            valueName: "source"))
    var source: String?

    /// What follows the source by mistake: so that the error can say so.
    @Argument(help: .hidden)
    var others: [String] = []

    @Option(.column) var column: String?
    @Flag(.noHeader) var noHeader = false
    @Option(.delimiter) var delimiter: String?
    @Option(.table) var table: String?
    // A query may begin with a comment, and so with dashes.
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

/// What a command says and where.
struct OutputArguments: ParsableArguments {
    @Flag(.json) var json = false
    @Flag(.quiet) var quiet = false
    @Flag(name: OptionKey.verbose.names, help: OptionKey.verbose.help) var verbose: Int

    var typed: TypedOptions {
        TypedOptions(
            [(.verbose, verbose > 0 ? String(verbose) : nil)], flags: [(.json, json), (.quiet, quiet)])
    }
}

/// Where snapshots are.
struct ReportsArguments: ParsableArguments {
    @Option(.reports) var outputDir: String?
}
