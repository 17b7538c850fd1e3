import Snapshots
import Subscribers
import ViberAPI

/// Everything a run is told, read once and valid: what can be wrong with it is found here.
struct Settings: Sendable {
    var source: SubscriberSource
    var output: OutputDirectory
    var formats: Set<SnapshotFormat> = [.csv, .json]
    var api: APISettings
    /// The most requests in flight.
    var concurrency = 8
    /// Requests a second; 0 is no limit.
    var rate = 10.0
    /// The wait before each later pass over the ids without a definite answer.
    var settle: [Duration] = [.seconds(30), .seconds(120), .seconds(300)]
    /// For the whole run, from its beginning.
    var deadline: Duration?
    /// How long ago an unfinished run may have begun to be gone on with.
    var resumeWithin: Duration = .seconds(3_600)
    /// By how many percent the list may be shorter than in its last successful run.
    var maxShrink = 50.0
    /// Whether no earlier run is gone on with.
    var isFresh = false
    var speech = Speech()

    /// What is said, and where.
    struct Speech: Sendable {
        var json = false
        var quiet = false
        var verbosity = 0
        var progress = ProgressWish.auto
    }

    enum ProgressWish: String, Sendable, CaseIterable {
        case auto, always, never
    }
}

/// How the API is reached.
struct APISettings: Sendable {
    var baseURL = BaseURL.viber
    var token: AuthToken
    var timeout: Duration = .seconds(30)
    var caFile: String?
    var keepWebhook = false
    /// What a person should know of the token's file.
    var warnings: [String] = []
    /// What a person may want to know.
    var notes: [String] = []

    var clientOptions: ViberClient.Options {
        ViberClient.Options(
            baseURL: baseURL, token: token, timeout: timeout, caFile: caFile,
            keepWebhook: keepWebhook)
    }
}

extension Settings {
    /// - Throws: `UsageError`, `ConfigurationError`.
    init(source path: String, _ reader: SettingsReader, environment: [String: String]) throws {
        // Usage first, then what the machine has to hold.
        let sourceOptions = try SourceOptions(path: path, reader)
        output = try OutputDirectory(reader)
        formats = Set(
            try reader.list("format", default: [.csv, .json], expecting: "a list of csv and json") {
                SnapshotFormat(rawValue: String($0))
            })
        concurrency = try reader.integer("concurrency", in: 1...64, default: 8)
        rate = try reader.rate("rate", default: 10)
        settle =
            reader.text("settle") == "none"
            ? []
            : try reader.list(
                "settle", default: [.seconds(30), .seconds(120), .seconds(300)],
                expecting: "a list of durations like 30s,2m,5m, or none"
            ) { Durations.parse($0) }
        deadline = try reader.duration("deadline")
        resumeWithin = try reader.duration("resume-within") ?? .seconds(3_600)
        maxShrink = try reader.percent("max-shrink", default: 50)
        isFresh = try reader.flag("fresh")
        speech = try Speech(reader)
        _ = try reader.duration("timeout")  // usage, too
        source = try SubscriberSource(sourceOptions)
        api = try APISettings(reader, environment: environment)
    }
}

extension OutputDirectory {
    init(_ reader: SettingsReader) throws(UsageError) {
        let path = reader.text("output-dir") ?? "reports"
        guard !path.isEmpty else { throw reader.error("output-dir", path, "a directory") }
        self.init(try Self.expanded(path, reader))
    }

    /// A `~/` that no shell expanded, as in a systemd unit or behind `--output-dir=`. A directory named `~` would be made
    /// otherwise, and whoever removes that loses the home.
    private static func expanded(_ path: String, _ reader: SettingsReader) throws(UsageError) -> String {
        guard path.hasPrefix("~") else { return path }
        guard path == "~" || path.hasPrefix("~/") else {
            throw reader.error("output-dir", path, "a path (./\(path) for a directory of that name)")
        }
        guard let home = reader.home, home.hasPrefix("/") else {
            throw reader.error("output-dir", path, "a whole path, since HOME is not set")
        }
        return home + path.dropFirst()
    }
}

extension Settings.Speech {
    init(_ reader: SettingsReader) throws(UsageError) {
        json = try reader.flag("json")
        quiet = try reader.flag("quiet")
        verbosity = try reader.integer("verbose", in: 0...9, default: 0)
        if let wish = reader.text("progress") {
            guard let progress = Settings.ProgressWish(rawValue: wish) else {
                throw reader.error("progress", wish, "auto, always or never")
            }
            self.progress = progress
        }
    }
}

extension APISettings {
    init(_ reader: SettingsReader, environment: [String: String]) throws {
        timeout = try reader.duration("timeout") ?? .seconds(30)
        keepWebhook = try reader.flag("keep-webhook")
        caFile = reader.text("ca-file")
        if let text = reader.text("base-url") {
            do {
                baseURL = try BaseURL(text)
            } catch {
                throw ConfigurationError(
                    description: "\(reader.shown("base-url", text)) cannot be used: \(error.description)")
            }
        }
        (token, warnings) = try TokenSource(
            file: reader.text("token-file"), environment: environment
        ).token()
        let proxies = Self.proxyVariables.filter { environment[$0]?.isEmpty == false }
        if !proxies.isEmpty { notes.append("no proxy is used, whatever \(proxies.joined(separator: ", ")) says") }
    }

    /// Where other programs look for a proxy. It would see where the token goes, so nothing is read from there.
    private static let proxyVariables = ["http", "https", "all"].flatMap { name in
        [name + "_proxy", name.uppercased() + "_PROXY"]
    }
}

extension SourceOptions {
    init(path: String, _ reader: SettingsReader) throws(UsageError) {
        self.init(path: path)
        column = reader.text("column")
        noHeader = try reader.flag("no-header")
        table = reader.text("table")
        query = reader.text("query")
        if let text = reader.text("delimiter") {
            let bytes = Array((text == "tab" || text == "\\t" ? "\t" : text).utf8)
            guard bytes.count == 1, bytes[0] < 0x80, !"\"\r\n".utf8.contains(bytes[0]) else {
                throw reader.error("delimiter", text, "one ASCII character or 'tab'")
            }
            delimiter = bytes[0]
        }
        guard query == nil || (table == nil && column == nil) else {
            throw UsageError(description: "--query goes without --table and --column: its first column is the id")
        }
        if let column, column.isEmpty { throw reader.error("column", column, "a name or a position from 1") }
    }
}
