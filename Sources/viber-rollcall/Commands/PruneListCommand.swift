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
            "Ids unavailable in each of the last complete runs, over some time, that may be dropped from the list.",
        discussion: """
            Writes ids on standard output, each with first_unavailable_at and the number of runs in a row that found it so. \
            Nothing is deleted anywhere. Refuses, with exit code 4 and the reason, if the runs are too few or do not reach \
            back far enough, if the newest one is incomplete, or if between two of them the account changed, the source \
            shrank, or the unavailable share jumped.
            """
    )

    @OptionGroup var reports: ReportsArguments

    @Option(.runs) var runs: String?
    @Option(.days) var days: String?
    @Option(.maxJump) var maxJump: String?
    @Option(.maxRunShrink) var maxShrink: String?
    @Option(.pruneFormat) var format: String?

    func run() async throws {
        let reader = SettingsReader(
            TypedOptions([
                (.reports, reports.outputDir), (.runs, runs), (.days, days), (.maxJump, maxJump),
                (.maxRunShrink, maxShrink), (.pruneFormat, format),
            ]),
            environment: ProcessWords.environment)
        let rules = PruneList.Rules(
            runs: try reader.integer(.runs, in: 1...100_000), days: try reader.integer(.days, in: 0...36_500),
            maxJump: try reader.percent(.maxJump), maxShrink: try reader.percent(.maxRunShrink))
        let lines = ListLines(try reader.choice(.pruneFormat), columns: PruneList.Entry.columns)
        let directory = try OutputDirectory(reader, .reports)
        try await onBlockingThread {
            let runs = try PublishedRuns(in: directory, now: RunEnvironment.wallClock())
            ViberRollcall.warn(runs.notes)
            var text = lines.opening
            for entry in try PruneListJob(rules: rules).run(runs) { lines.append(entry.values, to: &text) }
            try StandardStream.output.write(text)
        }
    }
}
