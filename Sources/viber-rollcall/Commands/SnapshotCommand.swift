import ArgumentParser
import Files
import Formats
import Glibc
import SnapshotJob
import Snapshots

/// `snapshot`: queries the status of every id in a source and publishes a snapshot.
struct SnapshotCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot",
        abstract: "Query the status of every subscriber and publish a snapshot (the default command).",
        discussion: """
            Every option can also be set in the environment as VIBER_ROLLCALL_<NAME>, such as \
            VIBER_ROLLCALL_OUTPUT_DIR; the command line wins. Durations are written as 200ms, 30s, 5m, 1h or 2d.
            """
    )

    @OptionGroup(title: "Source") var source: SourceArguments
    @OptionGroup(title: "API") var api: APIArguments
    @OptionGroup var output: OutputArguments

    @Option(.outputDir) var outputDir: String?
    @Option(.format) var format: String?
    @Option(.concurrency) var concurrency: String?
    @Option(.rate) var rate: String?
    @Option(.settle) var settle: String?
    @Option(.deadline) var deadline: String?
    @Option(.resumeWithin) var resumeWithin: String?
    @Option(.maxShrink) var maxShrink: String?
    @Flag(.fresh) var fresh = false
    @Option(.progress) var progress: String?

    var typed: TypedOptions {
        let runOptions = TypedOptions(
            [
                (.outputDir, outputDir), (.format, format), (.concurrency, concurrency), (.rate, rate),
                (.settle, settle), (.deadline, deadline), (.resumeWithin, resumeWithin), (.maxShrink, maxShrink),
                (.progress, progress),
            ],
            flags: [(.fresh, fresh)])
        return source.typed + api.typed + output.typed + runOptions
    }

    func run() async throws {
        let environment = ProcessWords.environment
        if let second = source.others.first {
            throw UsageError(
                description: "one source per run: '\(second)' is a second one. Merge the lists, or run once for each")
        }
        let reader = SettingsReader(typed, environment: environment)
        guard let path = source.source ?? reader.source else {
            throw UsageError(
                description: "no source: give a CSV file, an SQLite database or - for standard input "
                    + "(or try viber-rollcall demo, viber-rollcall --help)")
        }
        let status = try await Self.runJob(
            deadline: try reader.optionalDuration(.deadline), outputSettings: try Settings.OutputSettings(reader)
        ) {
            try Self.settings(of: path, reader, environment: environment)
        }
        if status != .complete { throw status.code }
    }

    /// The settings of the run, adjusted to the limits of this process.
    private static func settings(
        of source: String, _ reader: SettingsReader, environment: [String: String]
    ) throws -> JobSettings {
        var settings = try Settings(source: source, reader, environment: environment).job
        let possible = try ProcessHardening.concurrency(wanted: settings.concurrency)
        if possible < settings.concurrency {
            settings.api.warnings.append(
                "at most \(possible) requests in flight, since this process may not open more files (ulimit -n)")
            settings.concurrency = possible
        }
        if geteuid() == 0 {
            // Not a warning: cron jobs of root are common, and users stop reading a warning that always appears.
            settings.api.notes.append(
                "running as root; a user that can read the source and the token and write the output directory is "
                    + "enough")
        }
        return settings
    }

    /// Runs the job and prints its result.
    ///
    /// - Parameters:
    ///   - deadline: the time limit of the whole run; nil for none.
    ///   - outputSettings: what to print.
    ///   - settings: reads the settings. Signals and the deadline apply while it runs, too.
    /// - Returns: the exit status of the run.
    /// - Throws: what `settings` and the job throw, and `FileError` if standard output cannot be written.
    static func runJob(
        deadline: Duration?, outputSettings: Settings.OutputSettings,
        settings: @escaping @Sendable () throws -> JobSettings
    ) async throws -> ExitStatus {
        let environment = RunEnvironment.live(
            log: StderrLog.logger(outputSettings), progress: ProgressLine(outputSettings).observer)
        let result = try await StopSignals(reportingTo: environment.stop).stopping {
            try await SnapshotJob.run(
                environment: environment, clock: ContinuousClock(), deadline: deadline, settings: settings)
        }
        let status = result.status
        if outputSettings.quiet {
            let warnings = (status == .complete ? [] : result.quietWarnings) + result.lateWarnings
            for warning in warnings { ViberRollcall.printError("warning: \(SanitizedText(warning))") }
        }
        if let message = result.message { ViberRollcall.printError(message) }
        ErrorLines.flush()
        guard !outputSettings.quiet || status != .complete else { return status }
        try StandardStream.output.write(
            outputSettings.json
                ? String(decoding: result.published.json, as: UTF8.self) + "\n"
                : SummaryText(result.published).description)
        return status
    }
}
