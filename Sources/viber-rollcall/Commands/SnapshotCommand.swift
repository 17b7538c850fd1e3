import ArgumentParser
import Files
import Formats
import Glibc
import SnapshotJob
import Snapshots

/// `snapshot`: the job.
struct SnapshotCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot",
        abstract: "Take one roll call and publish one snapshot (the default command).",
        discussion: """
            Every option can also be set as VIBER_ROLLCALL_<NAME> in the environment (VIBER_ROLLCALL_OUTPUT_DIR); what \
            is typed wins. Durations are written 200ms, 30s, 5m, 1h, 2d.
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
        let ofRun = TypedOptions(
            [
                (.outputDir, outputDir), (.format, format), (.concurrency, concurrency), (.rate, rate),
                (.settle, settle), (.deadline, deadline), (.resumeWithin, resumeWithin), (.maxShrink, maxShrink),
                (.progress, progress),
            ],
            flags: [(.fresh, fresh)])
        return source.typed + api.typed + output.typed + ofRun
    }

    func run() async throws {
        let environment = ProcessWords.environment
        if let second = source.others.first {
            throw UsageError(
                description: "one source a run: '\(second)' is a second. Put the lists together, or run once for each")
        }
        let reader = SettingsReader(typed, environment: environment)
        guard let path = source.source ?? reader.source else {
            throw UsageError(
                description: "no source: name a CSV file, an SQLite database or - for standard input "
                    + "(or try viber-rollcall demo, viber-rollcall --help)")
        }
        let status = try await Self.take(
            deadline: try reader.optionalDuration(.deadline), outputSettings: try Settings.OutputSettings(reader)
        ) {
            try Self.settings(of: path, reader, environment: environment)
        }
        if status != .complete { throw status.code }
    }

    /// What the run is told, made fit for this process.
    private static func settings(
        of source: String, _ reader: SettingsReader, environment: [String: String]
    ) throws -> JobSettings {
        var settings = try Settings(source: source, reader, environment: environment).job
        let possible = try ProcessHardening.concurrency(wanted: settings.concurrency)
        if possible < settings.concurrency {
            settings.api.warnings.append(
                "only \(possible) requests at once, since this process may open no more files (ulimit -n)")
            settings.concurrency = possible
        }
        if geteuid() == 0 {
            // No warning: cron jobs of root are common, and one that is always there is read by nobody.
            settings.api.notes.append(
                "running as root; a user that can read the source and the token and write the output directory will do")
        }
        return settings
    }

    /// Takes a roll call and says how it went.
    ///
    /// `settings`: what the run is told; signals and the deadline count while it is read, too.
    static func take(
        deadline: Duration?, outputSettings: Settings.OutputSettings,
        settings: @escaping @Sendable () throws -> JobSettings
    ) async throws -> ExitStatus {
        let environment = RunEnvironment.live(
            log: StderrLog.logger(outputSettings), progress: ProgressLine(outputSettings).observer)
        let result = try await StopSignals(telling: environment.stop).stopping {
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
