import ArgumentParser
import Audit
import Files
import HistoryJobs
import SnapshotJob
import Snapshots

/// `prune-list`: lists ids that have been unavailable for a long time.
struct PruneListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune-list",
        abstract:
            "List ids to remove: those unavailable in every successful run of a minimum number of days.",
        discussion: """
            Prints ids on standard output, each with first_unavailable_at and the number of runs since then that found \
            it unavailable. It deletes nothing.

            Exits 4 with the reason and prints no id if there are too few runs or they span too few days; if the \
            newest run is incomplete or its account is unknown; if a run directory is a copy of another, has \
            inconsistent times, or is of another source or account; if the list shrank or the unavailable share rose too much from one run to the \
            next; or if too much of the list would be listed. Exits 65 if a run is damaged.

            A successful run is one that exited 0. Another run does not count towards --runs and --days, but an id \
            that it found reachable (online, offline or undisclosed) is not listed.
            """
    )

    @OptionGroup var reports: ReportsArguments

    @Option(.runs) var runs: String?
    @Option(.days) var days: String?
    @Option(.maxJump) var maxJump: String?
    @Option(.maxListShrink) var maxListShrink: String?
    /// The former name of `--max-list-shrink`.
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
        let encoder = RowEncoder(try reader.choice(.pruneFormat), columns: PruneList.Entry.columns)
        let directory = try OutputDirectory(reader, .reports)
        try await onBlockingThread {
            let runs = try PublishedRuns(in: directory, now: RunEnvironment.wallClock())
            let list = try PruneListJob(rules: rules).run(runs)
            ViberRollcall.warn(runs.warnings + list.warnings)
            var text = encoder.header
            for entry in list.entries { encoder.append(entry.values, to: &text) }
            try StandardStream.output.write(text)
        }
    }
}
