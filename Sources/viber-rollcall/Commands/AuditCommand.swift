import ArgumentParser
import Audit
import Files
import HistoryJobs
import SnapshotJob
import Snapshots

/// `audit`: what changed since an earlier run.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Show how many subscribers are unavailable and what changed since an earlier snapshot.",
        discussion: """
            Name a run by its id, 'latest' (the newest successful run, one that exited 0), 'previous' (the successful run before it), a \
            day such as 2026-11-21 (UTC), or a path. Default: the newest run, successful or not.

            A gate is NAME OPERATOR NUMBER[%]: --fail-if 'unavailable > 20%', --fail-if 'unavailable +5%' (percentage \
            points more than in the earlier run), --fail-if 'unique < 1000'. For each gate that trips, audit prints a \
            line on standard error and exits 4.

            audit refuses gates and lists with exit code 4 if they may depend on a run that cannot be relied on: a \
            copied run directory, a run with inconsistent times, or a run of another source or account between the compared runs. If a \
            run is damaged, the exit code is 65.
            """
    )

    @Argument(help: "Run to audit.")
    var run: String?

    @Option(.against) var against: String?
    @OptionGroup var reports: ReportsArguments
    @Option(.failIf) var failIf: [String] = []
    @Option(.list) var list: String?
    @Option(.listFormat) var listFormat: String?
    @Flag(.json) var json = false
    @Flag(.quietGates) var quiet = false

    func run() async throws {
        let gates = try Gate.all(failIf)
        let reader = SettingsReader(
            TypedOptions([(.reports, reports.outputDir), (.list, list), (.listFormat, listFormat)]),
            environment: ProcessWords.environment)
        let list: IDList? = try reader.optionalChoice(.list)
        let format: ListFormat = try reader.choice(.listFormat)
        guard list == nil || !json else { throw UsageError(description: "--list cannot be used with --json") }
        let directory = try OutputDirectory(reader, .reports)
        let job = AuditJob(run: run, against: against, gates: gates, list: list)
        let (json, quiet) = (json, quiet)
        let notable = try await onBlockingThread {
            let runs = try PublishedRuns(in: directory, now: RunEnvironment.wallClock())
            ViberRollcall.warn(runs.warnings)
            let listed = ListOutput(RowEncoder(format, columns: AuditedID.columns))
            let result = try job.run(runs) { try listed.append($0) }
            if list != nil {
                try listed.flush()
            } else if !quiet {
                let text =
                    json
                    ? String(decoding: result.audit.json(gates: result.gates), as: UTF8.self) + "\n"
                    : result.audit.text
                try StandardStream.output.write(text)
            }
            return result.notable
        }
        for result in notable { ViberRollcall.printError("gate \(result.sentence)") }
        if notable.contains(where: \.isTripped) { throw ExitStatus.gate.code }
    }
}

/// Writes the ids of a list to standard output, buffering 64 KiB.
private final class ListOutput {
    private let lines: RowEncoder
    private var pending: [UInt8]

    init(_ lines: RowEncoder) {
        self.lines = lines
        pending = lines.header
    }

    func append(_ subscriber: AuditedID) throws {
        lines.append(subscriber.values, to: &pending)
        if pending.count >= 1 << 16 { try flush() }
    }

    func flush() throws {
        try StandardStream.output.write(pending)
        pending.removeAll(keepingCapacity: true)
    }
}

extension Gate {
    /// Parses the values of `--fail-if`.
    ///
    /// - Throws: `UsageError` if one of them is not a gate.
    static func all(_ texts: [String]) throws(UsageError) -> [Gate] {
        var gates: [Gate] = []
        for text in texts {
            guard let gate = Gate(text) else {
                throw UsageError(
                    description: "--fail-if '\(text)' is not valid: give NAME OPERATOR NUMBER[%], such as "
                        + "'unavailable > 20%', 'unavailable +5%' or 'unique < 1000'; NAME is one of "
                        + Gate.metrics.joined(separator: ", "))
            }
            gates.append(gate)
        }
        return gates
    }
}
