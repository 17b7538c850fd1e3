import ArgumentParser
import Audit
import Files
import Formats
import HistoryJobs
import SnapshotJob
import Snapshots

/// `report`: writes the history as one web page.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write the history as one self-contained web page with charts.",
        discussion: """
            The page shows every run of the newest run's source and account, from history.csv and the existing \
            snapshots, and what changed between the newest run and the previous successful one. It loads nothing from \
            the network, holds no subscriber id, and is replaced atomically, so a web server can serve it directly.

            Gates are written as for audit: --fail-if 'unavailable > 20%'. The page shows the result of each gate and \
            draws limits of the unavailable share in its chart; the exit code stays 0.
            """
    )

    @OptionGroup var reports: ReportsArguments

    @Option(.page) var output: String?
    @Option(.shownGate) var failIf: [String] = []

    @Flag(.rebuildHistory) var rebuildHistory = false

    func run() async throws {
        let gates = try Gate.all(failIf)
        guard !rebuildHistory || (output == nil && gates.isEmpty) else {
            throw UsageError(
                description: "--rebuild-history cannot be used with --output or --fail-if: it writes no page")
        }
        let reader = SettingsReader(
            TypedOptions([(.reports, reports.outputDir)]), environment: ProcessWords.environment)
        let directory = try OutputDirectory(reader, .reports)
        guard output != "" else { throw UsageError(description: "--output '' names no file") }
        let isOnOutput = ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].contains(output)
        let file = isOnOutput ? nil : try PageFile(output ?? directory.path + "/report.html", isNamed: output != nil)
        let rebuilds = rebuildHistory
        let now = RunEnvironment.wallClock()
        try await onBlockingThread {
            let runs = try PublishedRuns(in: directory, now: now)
            ViberRollcall.warn(runs.warnings)
            if rebuilds {
                let result = try HistoryRebuild(in: directory).run(runs, at: now) { ViberRollcall.warn([$0]) }
                try StandardStream.output.write(
                    "\(SanitizedText(directory.history)): \(result.rows.counted("row")), "
                        + "\(result.gone.grouped) of them of runs whose snapshot is gone\n")
                return
            }
            let job = ReportJob(directory, page: file?.path, gates: gates, toolVersion: ViberRollcall.version)
            let page = try job.run(runs, at: now) { ViberRollcall.warn([$0]) }
            guard let file else { return try StandardStream.output.write(page.html) }
            try file.write(page.html)
            try StandardStream.output.write("\(SanitizedText(file.path)): \(page.runs.counted("run"))\n")
        }
    }
}
