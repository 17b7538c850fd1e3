import Audit

/// Every option that settings are read from.
extension OptionKey {
    // Which ids a run queries.

    static let column = OptionKey(
        "column", takes: "name", "Column with the ids: its name or, for CSV, its position, counted from 1.",
        discussion: """
            Default: the column with a known name (viber_id, viber_user_id, viber_subscriber_id, viber_chat_id, \
            subscriber_id, receiver, receiver_id, user_id, id) whose cells look like Viber ids, or the only column.
            """)
    static let noHeader = OptionKey("no-header", "CSV: treat the first line as data, even if it looks like a header.")
    static let delimiter = OptionKey(
        "delimiter", takes: "c",
        "CSV: field delimiter, one ASCII character or 'tab'. Default: detected from the first lines.")
    static let table = OptionKey(
        "table", takes: "name",
        "SQLite: table or view to read. Default: the only one with a known column that looks like Viber ids.")
    static let query = OptionKey(
        "query", takes: "sql", "SQLite: a single read-only SELECT; its first column is the id.")

    // How the API is reached.

    static let tokenFile = OptionKey(
        "token-file", takes: "file", "Read the authentication token from this file.",
        discussion: """
            Without this option, the token is read from $CREDENTIALS_DIRECTORY/viber-auth-token, else from the file \
            named by VIBER_AUTH_TOKEN_FILE, else from VIBER_AUTH_TOKEN. The token is never an argument, because other \
            users can see the arguments of a process.
            """)
    static let baseURL = OptionKey(
        "base-url", takes: "url", default: "https://chatapi.viber.com",
        "Base URL of the API: https to any host, http to this machine only.")
    static let caFile = OptionKey("ca-file", takes: "file", "Trust the CA certificates in this PEM file as well.")
    static let timeout = OptionKey(
        "timeout", takes: "duration", default: "30s", "Time limit for one request, including its whole response.")
    static let keepWebhook = OptionKey(
        "keep-webhook",
        "Keep the whole webhook URL of the account, not only scheme, host and port. Its path may hold a secret.")

    // What is printed, and where.

    static let json = OptionKey("json", "Print one JSON object on one line instead of text.")
    static let quiet = OptionKey(
        "quiet", short: "q", "Print nothing if all goes well; warnings are in summary.json.")
    static let verbose = OptionKey(
        "verbose", short: "v", "Log each stage on standard error; -vv also logs every failed request.")
    static let progress = OptionKey(
        "progress", takes: "when", default: "auto",
        "Show progress on standard error: auto (on a terminal), always or never.")

    // The run.

    static let outputDir = OptionKey(
        "output-dir", takes: "dir", default: "reports", "Directory to publish snapshots in.")
    static let format = OptionKey(
        "format", takes: "list", default: "csv,json", "Files to write: csv, json or both, separated by a comma.")
    static let concurrency = OptionKey(
        "concurrency", takes: "n", default: "8",
        "Maximum number of requests in flight, 1 to 64. Reduced while the API struggles.")
    static let rate = OptionKey(
        "rate", takes: "r", default: "10",
        "Maximum number of requests per second; 0 for no limit. Reduced once the API throttles.")
    static let settle = OptionKey(
        "settle", takes: "list", default: "30s,2m,5m",
        "Wait before each later pass over the ids without a definite answer; none for no later pass.")
    static let deadline = OptionKey(
        "deadline", takes: "duration",
        "End the run after this time, publish the partial result and exit 75. Default: none.")
    static let resumeWithin = OptionKey(
        "resume-within", takes: "duration", default: "1h",
        "Resume an interrupted run if it started no longer ago than this.")
    static let maxShrink = OptionKey(
        "max-shrink", takes: "percent", default: "50",
        "Exit 65 if the list has shrunk by more than this percentage since its last successful run.")
    static let fresh = OptionKey("fresh", "Start a new run even if an interrupted one could be resumed.")
}

/// Options of the commands that read snapshots.
extension OptionKey {
    static let reports = OptionKey(
        "output-dir", takes: "dir", default: "reports", "Directory that holds the snapshots.")

    static let against = OptionKey(
        "against", takes: "run", hasVariable: false,
        "Run to compare with. Default: the previous successful run of the same account and source.")
    static let failIf = OptionKey(
        "fail-if", takes: "gate", hasVariable: false,
        "Gate: exit 4 if this condition holds, such as 'unavailable > 20%'. May be repeated.")
    static let list = OptionKey(
        "list", takes: "which", hasVariable: false,
        "Print ids instead of the figures: \(IDList.allCases.map(\.rawValue).joined(separator: ", ")).")
    static let listFormat = OptionKey(
        "list-format", takes: "form", default: "csv", hasVariable: false, "Format of the ids: csv or jsonl.")

    static let runs = OptionKey(
        "runs", takes: "k", default: "3", hasVariable: false,
        "Minimum number of successful runs in each of which an id was unavailable.")
    static let days = OptionKey(
        "days", takes: "d", default: "30", hasVariable: false, "Minimum number of days that these runs span.")
    static let maxJump = OptionKey(
        "max-jump", takes: "points", default: "5", hasVariable: false,
        "Maximum rise of the unavailable share from one run to the next, in percentage points; also from the run before the first."
    )
    static let maxListShrink = OptionKey(
        "max-list-shrink", takes: "percent", default: "10", hasVariable: false,
        "Maximum percentage by which the list may shrink from one run to the next.")
    static let maxListed = OptionKey(
        "max-listed", takes: "percent", default: "50", hasVariable: false,
        "Maximum share of the subscribers on the prune list, in percent.")
    static let pruneFormat = OptionKey(
        "format", takes: "form", default: "csv", hasVariable: false, "Format of the ids: csv or jsonl.")

    static let page = OptionKey(
        "output", takes: "file", hasVariable: false,
        "File to write the page to, or '-' for standard output. Default: report.html in the output directory.")
    static let shownGate = OptionKey(
        "fail-if", takes: "gate", hasVariable: false, "Gate to show in the page. May be repeated.")
    static let rebuildHistory = OptionKey(
        "rebuild-history", hasVariable: false,
        "Rebuild history.csv from the snapshots and write no page. Rows of deleted snapshots are kept.")
    static let all = OptionKey("all", hasVariable: false, "Check every run in the directory; print one line per run.")
    static let quietVerification = OptionKey(
        "quiet", short: "q", hasVariable: false, "Print nothing about sound snapshots.")
    static let quietGates = OptionKey(
        "quiet", short: "q", hasVariable: false, "Print only gates that trip or have no run to compare with.")
}
