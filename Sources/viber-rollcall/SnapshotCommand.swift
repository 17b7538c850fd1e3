import ArgumentParser
import Files
import Formats
import Foundation

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

    @Option(help: ArgumentHelp("Where snapshots go. Default: reports.", valueName: "dir"))
    var outputDir: String?

    @Option(help: ArgumentHelp("What to write of csv,json. Default: both.", valueName: "list"))
    var format: String?

    @Option(
        help: ArgumentHelp(
            "Most requests in flight, 1 to 64; fewer while the API struggles. Default: 8.", valueName: "n"))
    var concurrency: String?

    @Option(
        help: ArgumentHelp(
            "Most requests a second, fewer once the API throttles; 0 for no limit. Default: 10.", valueName: "r"))
    var rate: String?

    @Option(
        help: ArgumentHelp(
            "The wait before each later pass over ids without a definite answer, or none. Default: 30s,2m,5m.",
            valueName: "list"))
    var settle: String?

    @Option(
        help: ArgumentHelp(
            "End the run after so long, publish what it has, and exit 75. Default: none.", valueName: "duration"))
    var deadline: String?

    @Option(
        help: ArgumentHelp(
            "Go on with a run that stopped early if it began at most this long ago. Default: 1h.",
            valueName: "duration"))
    var resumeWithin: String?

    @Option(
        help: ArgumentHelp(
            "Maximum percentage by which the list may be shorter than in its last successful run. Default: 50.",
            valueName: "percent"))
    var maxShrink: String?

    @Flag(help: "Never go on with an earlier run.")
    var fresh = false

    @Option(
        help: ArgumentHelp("Show progress on standard error: auto (on a terminal), always, never.", valueName: "when"))
    var progress: String?

    func run() async throws {
        let environment = ProcessWords.environment
        var typed = [
            "output-dir": outputDir, "format": format, "concurrency": concurrency, "rate": rate, "settle": settle,
            "deadline": deadline, "progress": progress, "resume-within": resumeWithin,
            "max-shrink": maxShrink,
        ].compactMapValues { $0 }
        if fresh { typed["fresh"] = "true" }
        let arguments = [source.values, api.values, output.values, typed].reduce(into: [:]) { all, more in
            all.merge(more) { $1 }
        }
        if let second = source.others.first {
            throw UsageError(
                description: "one source a run: '\(second)' is a second. Put the lists together, or run once for each")
        }
        let reader = SettingsReader(arguments: arguments, environment: environment)
        guard let path = source.source ?? reader.text("source") else {
            throw UsageError(
                description: "no source: name a CSV file, an SQLite database or - for standard input "
                    + "(or try viber-rollcall demo, viber-rollcall --help)")
        }
        var settings = try Settings(source: path, reader, environment: environment)
        let possible = try ProcessGuards.concurrency(wanted: settings.concurrency)
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
        let status = try await Self.take(settings)
        if status != .complete { throw status.code }
    }

    /// Takes a roll call and says how it went.
    static func take(_ settings: Settings) async throws -> ExitStatus {
        let signals = StopSignals()
        var surroundings = Surroundings.live(settings.speech)
        surroundings.stopSignal = { signals.received }
        let run = Run(settings: settings, surroundings: surroundings, clock: ContinuousClock())
        let ended = try await signals.stopping { try await run.take() }
        // A signal that came when all was asked for changes no more than the exit code.
        let status = signals.received.map(ExitStatus.init(signal:)) ?? ended.status
        if settings.speech.quiet, status != .complete {
            for warning in ended.quietWarnings {
                ViberRollcall.complain("warning: \(SafeText(warning))")
            }
        }
        if let why = ended.why { ViberRollcall.complain(why) }
        guard !settings.speech.quiet || status != .complete else { return status }
        try StandardStream.output.write(
            settings.speech.json
                ? String(decoding: ended.published.json, as: UTF8.self) + "\n"
                : SummaryText(ended.published).description)
        return status
    }
}
