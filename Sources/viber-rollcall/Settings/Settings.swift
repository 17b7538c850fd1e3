import Files
import HTTP
import SnapshotJob
import Snapshots
import Subscribers
import ViberAPI

/// The settings of `snapshot`, read and validated once, before the run starts.
struct Settings: Sendable {
    var job: JobSettings
    var outputSettings: OutputSettings

    /// What is printed, and where.
    struct OutputSettings: Sendable {
        var json = false
        var quiet = false
        var verbosity = 0
        var progress = ProgressMode.auto
    }

    enum ProgressMode: String, Sendable, CaseIterable {
        case auto, always, never
    }

    /// - Throws: `UsageError`, `ConfigurationError`.
    init(source path: String, _ reader: SettingsReader, environment: [String: String]) throws {
        // Usage errors come first, then errors of the files that the settings name.
        let sourceOptions = try SourceOptions(path: path, reader)
        let output = try OutputDirectory(reader, .outputDir)
        let formats = try reader.list(.format, expecting: "a list of csv and json") {
            SnapshotFormat(rawValue: String($0))
        }
        let concurrency = try reader.integer(.concurrency, in: 1...64)
        let rate = try reader.rate(.rate)
        let settle =
            reader.text(.settle) == "none"
            ? []
            : try reader.list(.settle, expecting: "a list of durations like 30s,2m,5m, or none") {
                Duration(parsing: $0)
            }
        let deadline = try reader.optionalDuration(.deadline)
        let resumeWithin = try reader.duration(.resumeWithin)
        let maxShrink = try reader.percent(.maxShrink)
        let startsFresh = try reader.flag(.fresh)
        outputSettings = try OutputSettings(reader)
        _ = try reader.duration(.timeout)  // a usage error, too
        let source = try SubscriberSource(sourceOptions)
        job = JobSettings(
            source: source, output: output, formats: Set(formats),
            api: try APISettings(reader, environment: environment), concurrency: concurrency, rate: rate,
            settle: settle, deadline: deadline, resumeWithin: resumeWithin, maxShrink: maxShrink,
            startsFresh: startsFresh,
            toolVersion: ViberRollcall.version)
    }
}

extension OutputDirectory {
    /// - Parameters:
    ///   - reader: the settings to read the path from.
    ///   - key: the option that names the directory.
    /// - Throws: `UsageError` if the path is empty or its `~` cannot be expanded.
    init(_ reader: SettingsReader, _ key: OptionKey) throws(UsageError) {
        let path = reader.text(key) ?? ""
        guard !path.isEmpty else { throw reader.error(key, path, "a directory") }
        self.init(try Self.expanded(path, reader, key))
    }

    /// Expands a `~/` that no shell has expanded, as in a systemd unit or after `--output-dir=`. Otherwise the run
    /// would create a directory named `~`, and a user who then types `rm -r ~` would lose the home directory.
    private static func expanded(
        _ path: String, _ reader: SettingsReader, _ key: OptionKey
    ) throws(UsageError) -> String {
        guard path.hasPrefix("~") else { return path }
        guard path == "~" || path.hasPrefix("~/") else {
            throw reader.error(key, path, "a path (./\(path) for a directory of that name)")
        }
        guard let home = reader.home, home.hasPrefix("/") else {
            throw reader.error(key, path, "an absolute path, since HOME is not set")
        }
        return home + path.dropFirst()
    }
}

extension Settings.OutputSettings {
    init(_ reader: SettingsReader) throws(UsageError) {
        json = try reader.flag(.json)
        quiet = try reader.flag(.quiet)
        verbosity = reader.text(.verbose) == nil ? 0 : try reader.integer(.verbose, in: 0...9)
        progress = try reader.choice(.progress)
    }
}

extension APISettings {
    init(_ reader: SettingsReader, environment: [String: String]) throws {
        let timeout = try reader.duration(.timeout)
        let keepWebhook = try reader.flag(.keepWebhook)
        let baseURL: BaseURL
        let url = reader.text(.baseURL) ?? ""
        do {
            baseURL = try BaseURL(url)
        } catch {
            throw ConfigurationError(
                description: "\(reader.shown(.baseURL, BaseURL.redacted(url))) cannot be used: \(error.description)")
        }
        let (token, warnings) = try TokenSource(
            file: reader.text(.tokenFile), environment: environment
        ).token()
        let caFile = reader.text(.caFile)
        // The TLS library would wait forever for a pipe.
        if let caFile, (try? FileSystem.contents(of: caFile)) == nil {
            throw HTTPClient.UnusableCertificates(path: caFile)
        }
        self.init(baseURL: baseURL, token: token, timeout: timeout, caFile: caFile, keepWebhook: keepWebhook)
        self.warnings = warnings
        let proxies = Self.proxyVariables.filter { environment[$0]?.isEmpty == false }
        if !proxies.isEmpty { notes.append("no proxy is used: ignoring \(proxies.joined(separator: ", "))") }
    }

    /// Variables that name a proxy for other programs. They are ignored, because a proxy would see where the token is
    /// sent.
    private static let proxyVariables = ["http", "https", "all"].flatMap { name in
        [name + "_proxy", name.uppercased() + "_PROXY"]
    }
}

extension SourceOptions {
    init(path: String, _ reader: SettingsReader) throws(UsageError) {
        self.init(path: path)
        column = reader.text(.column)
        noHeader = try reader.flag(.noHeader)
        table = reader.text(.table)
        query = reader.text(.query)
        if let text = reader.text(.delimiter) {
            let bytes = Array((text == "tab" || text == "\\t" ? "\t" : text).utf8)
            guard bytes.count == 1, bytes[0] < 0x80, !"\"\r\n".utf8.contains(bytes[0]) else {
                throw reader.error(.delimiter, text, "one ASCII character or 'tab'")
            }
            delimiter = bytes[0]
        }
        guard query == nil || (table == nil && column == nil) else {
            throw UsageError(description: "--query cannot be used with --table or --column: its first column is the id")
        }
        if let column, column.isEmpty { throw reader.error(.column, column, "a name or a position from 1") }
    }
}
