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
        var settings = try Settings(source: path, reader, environment: environment)
        let possible = try ProcessGuards.concurrency(wanted: settings.job.concurrency)
        if possible < settings.job.concurrency {
            settings.job.api.warnings.append(
                "only \(possible) requests at once, since this process may open no more files (ulimit -n)")
            settings.job.concurrency = possible
        }
        if geteuid() == 0 {
            // No warning: cron jobs of root are common, and one that is always there is read by nobody.
            settings.job.api.notes.append(
                "running as root; a user that can read the source and the token and write the output directory will do")
        }
        let status = try await Self.take(settings.job, settings.speech)
        if status != .complete { throw status.code }
    }

    /// Takes a roll call and says how it went.
    static func take(_ settings: JobSettings, _ speech: Settings.Speech) async throws -> ExitStatus {
        let environment = RunEnvironment.live(
            log: StderrLog.logger(speech), progress: ProgressLine(speech).observer)
        let job = SnapshotJob(settings, environment: environment, clock: ContinuousClock())
        let signals = StopSignals(telling: environment.stop)
        let result = try await signals.stopping { try await job.run() }
        // A signal that came when all was asked for changes no more than the exit code.
        let status = signals.received.map(ExitStatus.init(signal:)) ?? result.status
        if speech.quiet, status != .complete {
            for warning in result.quietWarnings { ViberRollcall.complain("warning: \(SafeText(warning))") }
        }
        if let message = result.message { ViberRollcall.complain(message) }
        guard !speech.quiet || status != .complete else { return status }
        try StandardStream.output.write(
            speech.json
                ? String(decoding: result.published.json, as: UTF8.self) + "\n"
                : SummaryText(result.published).description)
        return status
    }
}
