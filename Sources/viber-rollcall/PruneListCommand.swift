import ArgumentParser
import Audit
import Files
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

    @Option(help: ArgumentHelp("The least complete runs in a row. Default: 3.", valueName: "k"))
    var runs: Int?

    @Option(help: ArgumentHelp("The least days that they span. Default: 30.", valueName: "d"))
    var days: Int?

    @Option(
        help: ArgumentHelp(
            "The most points by which the unavailable share may rise from one run to the next. Default: 5.",
            valueName: "points"))
    var maxJump: Double?

    @Option(
        help: ArgumentHelp(
            "The most percent by which the source may shrink from one run to the next. Default: 10.",
            valueName: "percent"))
    var maxShrink: Double?

    @Option(help: ArgumentHelp("How ids are listed: csv or jsonl. Default: csv.", valueName: "form"))
    var format: String?

    func run() async throws {
        var rules = PruneList.Rules()
        rules.runs = try Self.checked(runs ?? rules.runs, "--runs", in: 1...100_000)
        rules.days = try Self.checked(days ?? rules.days, "--days", in: 0...36_500)
        rules.maxJump = try Self.checked(maxJump ?? rules.maxJump, "--max-jump", in: 0...100)
        rules.maxShrink = try Self.checked(maxShrink ?? rules.maxShrink, "--max-shrink", in: 0...100)
        let lines = ListLines(
            try ListFormat.named(format, option: "--format") ?? .csv, columns: PruneList.Entry.columns)
        let directory = try reports.directory()
        let chosen = rules
        try await onBlockingThread {
            let runs = try PublishedRuns(in: directory)
            for note in runs.notes { ViberRollcall.complain("warning: \(note)") }
            guard !runs.snapshots.isEmpty else { throw NoSuchRun("no prune list", runs: runs) }
            let list = try PruneList(from: runs.snapshots.map(AuditedRun.init), rules: chosen)
            var text = lines.opening
            for entry in list.entries { lines.append(entry.values, to: &text) }
            try StandardStream.output.write(text)
        }
    }

    private static func checked<Number: Comparable>(
        _ value: Number,
        _ option: String,
        in range: ClosedRange<Number>
    ) throws(UsageError) -> Number {
        guard range.contains(value) else {
            throw UsageError(
                description:
                    "\(option) '\(value)' cannot be: it has to be from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }
}
