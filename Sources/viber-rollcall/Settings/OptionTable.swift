import Audit

/// Every option that settings are read from.
extension OptionKey {
    // Which ids a run asks about.

    static let column = OptionKey(
        "column", takes: "name", "Column of the ids: a name or, for CSV, a position from 1.",
        discussion: """
            Default: the column with a known name (viber_id, viber_user_id, viber_subscriber_id, viber_chat_id, \
            subscriber_id, receiver, receiver_id, user_id, id) whose cells look like Viber ids, or the only column.
            """)
    static let noHeader = OptionKey("no-header", "CSV: the first line is data, whatever it holds.")
    static let delimiter = OptionKey(
        "delimiter", takes: "c", "CSV: the delimiter, a character or 'tab'. Default: found on the first lines.")
    static let table = OptionKey(
        "table", takes: "name",
        "SQLite: table or view to read. Default: the only one with a known column that looks like Viber ids.")
    static let query = OptionKey("query", takes: "sql", "SQLite: one read-only SELECT whose first column is the id.")

    // How the API is reached.

    static let tokenFile = OptionKey(
        "token-file", takes: "file", "File with the authentication token.",
        discussion: """
            Else $CREDENTIALS_DIRECTORY/viber-auth-token, else the file that VIBER_AUTH_TOKEN_FILE names, else \
            VIBER_AUTH_TOKEN. The token is never an argument, since arguments can be seen by everybody.
            """)
    static let baseURL = OptionKey(
        "base-url", takes: "url", default: "https://chatapi.viber.com",
        "Where the API is: any https host, or plain http to this machine.")
    static let caFile = OptionKey("ca-file", takes: "file", "More trusted certificates, PEM.")
    static let timeout = OptionKey(
        "timeout", takes: "duration", default: "30s", "Limit for one request and its whole answer.")
    static let keepWebhook = OptionKey(
        "keep-webhook", "Keep the whole webhook URL of the account; else its path, which may hold a secret, is cut.")

    // What is said, and where.

    static let json = OptionKey("json", "Print one JSON object on one line instead of text.")
    static let quiet = OptionKey(
        "quiet", short: "q", "Print nothing when all is well; warnings stand in the summary.")
    static let verbose = OptionKey(
        "verbose", short: "v", "Log each stage on standard error; twice for each failed request too.")
    static let progress = OptionKey(
        "progress", takes: "when", default: "auto",
        "Show progress on standard error: auto (on a terminal), always, never.")

    // The run.

    static let outputDir = OptionKey("output-dir", takes: "dir", default: "reports", "Where snapshots go.")
    static let format = OptionKey("format", takes: "list", default: "csv,json", "What to write of csv,json.")
    static let concurrency = OptionKey(
        "concurrency", takes: "n", default: "8", "Most requests in flight, 1 to 64; fewer while the API struggles.")
    static let rate = OptionKey(
        "rate", takes: "r", default: "10", "Most requests a second, fewer once the API throttles; 0 for no limit.")
    static let settle = OptionKey(
        "settle", takes: "list", default: "30s,2m,5m",
        "The wait before each later pass over ids without a definite answer, or none.")
    static let deadline = OptionKey(
        "deadline", takes: "duration", "End the run after so long, publish what it has, and exit 75. Default: none.")
    static let resumeWithin = OptionKey(
        "resume-within", takes: "duration", default: "1h",
        "Go on with a run that stopped early if it began at most this long ago.")
    static let maxShrink = OptionKey(
        "max-shrink", takes: "percent", default: "50",
        "Maximum percentage by which the list may be shorter than in its last successful run.")
    static let fresh = OptionKey("fresh", "Never go on with an earlier run.")
}

/// Options of the commands that read snapshots.
extension OptionKey {
    static let reports = OptionKey("output-dir", takes: "dir", default: "reports", "Where the snapshots are.")

    static let against = OptionKey(
        "against", takes: "run", hasVariable: false,
        "The run to compare with. Default: the successful run before, of the same account and source.")
    static let failIf = OptionKey("fail-if", takes: "gate", hasVariable: false, "A gate; may be given several times.")
    static let list = OptionKey(
        "list", takes: "which", hasVariable: false,
        "Write ids in place of the figures: \(IDList.allCases.map(\.rawValue).joined(separator: ", ")).")
    static let listFormat = OptionKey(
        "list-format", takes: "form", default: "csv", hasVariable: false, "How ids are listed: csv or jsonl.")

    static let runs = OptionKey(
        "runs", takes: "k", default: "3", hasVariable: false, "Minimum number of successful runs.")
    static let days = OptionKey(
        "days", takes: "d", default: "30", hasVariable: false, "Minimum number of days that they span.")
    static let maxJump = OptionKey(
        "max-jump", takes: "points", default: "5", hasVariable: false,
        "Maximum rise of the unavailable share from one run to the next, also into the first, in points.")
    static let maxListShrink = OptionKey(
        "max-list-shrink", takes: "percent", default: "10", hasVariable: false,
        "Maximum percentage by which the list may shrink from one run to the next.")
    static let maxListed = OptionKey(
        "max-listed", takes: "percent", default: "50", hasVariable: false,
        "Maximum percentage of the list that may be listed.")
    static let pruneFormat = OptionKey(
        "format", takes: "form", default: "csv", hasVariable: false, "How ids are listed: csv or jsonl.")

    static let page = OptionKey(
        "output", takes: "file", hasVariable: false,
        "Where the page goes, or '-' for standard output. Default: report.html where the snapshots are.")
    static let shownGate = OptionKey(
        "fail-if", takes: "gate", hasVariable: false, "A gate to show; may be given several times.")
    static let rebuildHistory = OptionKey(
        "rebuild-history", hasVariable: false,
        "Write no page but history.csv anew from the snapshots. Rows of snapshots that are gone are kept.")
    static let all = OptionKey("all", hasVariable: false, "Check every run of the directory; a line a run.")
    static let quietVerification = OptionKey(
        "quiet", short: "q", hasVariable: false, "Print nothing of what is sound.")
    static let quietGates = OptionKey(
        "quiet", short: "q", hasVariable: false, "Print nothing but gates that trip.")
}
