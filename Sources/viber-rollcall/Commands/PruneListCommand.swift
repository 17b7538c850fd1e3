import ArgumentParser
import Audit
import Files
import HistoryJobs
import SnapshotJob
import Snapshots

/// `prune-list`: ids that have been unavailable for long.
struct PruneListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune-list",
        abstract:
            "Ids unavailable in each of the last successful runs, over some time, that may be dropped from the list.",
        discussion: """
            Writes ids on standard output, each with first_unavailable_at and the number of runs that found it so. Nothing is \
            deleted anywhere. Refuses, with exit code 4 and the reason, if the runs are too few or do not reach back far \
            enough, if the newest one is incomplete or its account is not known, if one of them is a copy, has impossible times, \
            or is of another source or account, if between two of them the list shrank or the unavailable share jumped, or \
            if too much of the list would be listed. Exits 65 if a run is damaged. A run that is not successful only \
            takes ids off.
            """
    )

    @OptionGroup var reports: ReportsArguments

    @Option(.runs) var runs: String?
    @Option(.days) var days: String?
    @Option(.maxJump) var maxJump: String?
    @Option(.maxListShrink) var maxListShrink: String?
    /// As it was called before.
    @Option(name: .customLong("max-shrink"), help: .private) var maxShrink: String?
    @Option(.maxListed) var maxListed: String?
    @Option(.pruneFormat) var format: String?

    func run() async throws {
        let reader = SettingsReader(
            TypedOptions([
                (.reports, reports.outputDir), (.runs, runs), (.days, days), (.maxJump, maxJump),
                (.maxListShrink, maxListShrink ?? maxShrink), (.maxListed, maxListed), (.pruneFormat, format),
            ]),
            environment: ProcessWords.environment)
        let rules = PruneList.Rules(
            runs: try reader.integer(.runs, in: 1...100_000), days: try reader.integer(.days, in: 0...36_500),
            maxJump: try reader.percent(.maxJump), maxListShrink: try reader.percent(.maxListShrink),
            maxListed: try reader.percent(.maxListed))
        let lines = RowEncoder(try reader.choice(.pruneFormat), columns: PruneList.Entry.columns)
        let directory = try OutputDirectory(reader, .reports)
        try await onBlockingThread {
            let runs = try PublishedRuns(in: directory, now: RunEnvironment.wallClock())
            let list = try PruneListJob(rules: rules).run(runs)
            ViberRollcall.warn(runs.warnings + list.warnings)
            var text = lines.header
            for entry in list.entries { lines.append(entry.values, to: &text) }
            try StandardStream.output.write(text)
        }
    }
}
