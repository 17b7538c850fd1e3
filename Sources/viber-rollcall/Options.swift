import ArgumentParser

// Options have no defaults here: a default of the parser would win over the environment. `Settings` has them.

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

    @Option(
        help: ArgumentHelp(
            "Column of the ids: a name or, for CSV, a position from 1.",
            discussion: """
                Default: the column with a known name (viber_id, viber_user_id, viber_subscriber_id, viber_chat_id, \
                subscriber_id, receiver, receiver_id, user_id, id) whose cells look like Viber ids, or the only column.
                """,
            valueName: "name"))
    var column: String?

    @Flag(help: "CSV: the first line is data, whatever it holds.")
    var noHeader = false

    @Option(
        help: ArgumentHelp(
            "CSV: the delimiter, a character or 'tab'. Default: found on the first lines.", valueName: "c"))
    var delimiter: String?

    @Option(
        help: ArgumentHelp(
            "SQLite: table or view to read. Default: the only one with a known column that looks like Viber ids.",
            valueName: "name"))
    var table: String?

    // A query may begin with a comment, and so with dashes.
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("SQLite: one read-only SELECT whose first column is the id.", valueName: "sql"))
    var query: String?

    var values: [String: String] {
        var values = ["column": column, "delimiter": delimiter, "table": table, "query": query].compactMapValues { $0 }
        if noHeader { values["no-header"] = "true" }
        return values
    }
}

/// How the API is reached.
struct APIArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "File with the authentication token.",
            discussion: """
                Else $CREDENTIALS_DIRECTORY/viber-auth-token, else the file that VIBER_AUTH_TOKEN_FILE names, else \
                VIBER_AUTH_TOKEN. The token is never an argument, since arguments can be seen by everybody.
                """,
            valueName: "file"))
    var tokenFile: String?

    @Option(
        help: ArgumentHelp(
            "Where the API is: any https host, or plain http to this machine. Default: https://chatapi.viber.com.",
            valueName: "url"))
    var baseURL: String?

    @Option(help: ArgumentHelp("More trusted certificates, PEM.", valueName: "file"))
    var caFile: String?

    @Option(help: ArgumentHelp("Limit for one request and its whole answer. Default: 30s.", valueName: "duration"))
    var timeout: String?

    @Flag(help: "Keep the whole webhook URL of the account; else its path, which may hold a secret, is cut.")
    var keepWebhook = false

    var values: [String: String] {
        var values = ["token-file": tokenFile, "base-url": baseURL, "ca-file": caFile, "timeout": timeout]
            .compactMapValues { $0 }
        if keepWebhook { values["keep-webhook"] = "true" }
        return values
    }
}

/// What a command says and where.
struct OutputArguments: ParsableArguments {
    @Flag(help: "Print one JSON object on one line instead of text.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print nothing when all is well; warnings stand in the summary.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Log each stage on standard error; twice for each failed request too.")
    var verbose: Int

    var values: [String: String] {
        var values: [String: String] = [:]
        if json { values["json"] = "true" }
        if quiet { values["quiet"] = "true" }
        if verbose > 0 { values["verbose"] = String(verbose) }
        return values
    }
}
