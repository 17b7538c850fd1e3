import ArgumentParser
import Audit
import Files
import Foundation
import Snapshots

/// `audit`: what became of the subscribers since an earlier run.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "How many are unavailable, and what changed since an earlier snapshot.",
        discussion: """
            A run is named by its id, by 'latest' (the newest complete one), 'previous' (the complete one before it), a day \
            such as 2026-11-21 (UTC), or a path. Without a name it is the newest run, complete or not.

            A gate is NAME OPERATOR NUMBER[%]: --fail-if 'unavailable > 20%', --fail-if 'unavailable +5%' (points more than in \
            the earlier run), --fail-if 'unique < 1000'. Each gate that trips is a line on standard error, and the exit code \
            is 4.
            """
    )

    @Argument(help: "The run to look at.")
    var run: String?

    @Option(
        help: ArgumentHelp(
            "The run to compare with. Default: the complete run before, of the same account and source.",
            valueName: "run"))
    var against: String?

    @OptionGroup var reports: ReportsArguments

    @Option(
        name: .customLong("fail-if"),
        help: ArgumentHelp("A gate; may be given several times.", valueName: "gate"))
    var failIf: [String] = []

    @Option(
        help: ArgumentHelp(
            "Write ids in place of the figures: " + IDList.allCases.map(\.rawValue).joined(separator: ", ") + ".",
            valueName: "which"))
    var list: String?

    @Option(help: ArgumentHelp("How ids are listed: csv or jsonl. Default: csv.", valueName: "form"))
    var listFormat: String?

    @Flag(help: "Print one JSON object on one line instead of text.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print nothing but gates that trip.")
    var quiet = false

    func run() async throws {
        let gates = try Gate.all(failIf)
        let list = try IDList.named(list, option: "--list")
        let format = try ListFormat.named(listFormat, option: "--list-format") ?? .csv
        guard list == nil || !json else { throw UsageError(description: "--list goes without --json") }
        let (directory, run, against) = (try reports.directory(), run, against)
        let (json, quiet) = (json, quiet)
        let tripped = try await onBlockingThread {
            let runs = try PublishedRuns(in: directory)
            for note in runs.notes { ViberRollcall.complain("warning: \(note)") }
            guard let subject = try run.map(runs.named) ?? runs.newest else {
                throw NoSuchRun("nothing to audit", runs: runs)
            }
            let earlier = try against.map(runs.named) ?? runs.earlier(than: subject)
            if let list, list.comparesRuns, earlier == nil {
                throw NoSuchRun(
                    "--list \(list.rawValue) compares two runs, and there is no complete one before", runs: runs)
            }
            let listed = list.map { ListOutput($0, ListLines(format, columns: AuditedID.columns)) }
            let audit = try Audit(of: AuditedRun(subject), against: earlier.map(AuditedRun.init)) {
                try listed?.take($0)
            }
            try listed?.finish()
            let results = gates.map { $0.result(for: audit.run, against: audit.against) }
            if list == nil, !quiet {
                let text = json ? String(decoding: audit.json(gates: results), as: UTF8.self) + "\n" : audit.text
                try StandardStream.output.write(text)
            }
            return results.filter { $0.isTripped || $0.gate.comparesRuns && audit.against == nil }
        }
        for result in tripped { ViberRollcall.complain("gate \(result.sentence)") }
        if tripped.contains(where: \.isTripped) { throw ExitStatus.gate.code }
    }
}

/// Where snapshots are.
struct ReportsArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Where the snapshots are. Default: reports.", valueName: "dir"))
    var outputDir: String?

    func directory() throws -> OutputDirectory {
        let reader = SettingsReader(
            arguments: ["output-dir": outputDir].compactMapValues { $0 },
            environment: ProcessWords.environment)
        return try OutputDirectory(reader)
    }
}

/// Writes the ids of a list on standard output as they come.
private final class ListOutput {
    private let list: IDList
    private let lines: ListLines
    private var pending: [UInt8]

    init(_ list: IDList, _ lines: ListLines) {
        self.list = list
        self.lines = lines
        pending = lines.opening
    }

    func take(_ subscriber: AuditedID) throws {
        guard list.holds(subscriber) else { return }
        lines.append(subscriber.values, to: &pending)
        if pending.count >= 1 << 16 { try finish() }
    }

    func finish() throws {
        try StandardStream.output.write(pending)
        pending.removeAll(keepingCapacity: true)
    }
}

extension Gate {
    /// - Throws: `UsageError` for one that cannot be read.
    static func all(_ texts: [String]) throws(UsageError) -> [Gate] {
        var gates: [Gate] = []
        for text in texts {
            guard let gate = Gate(text) else {
                throw UsageError(
                    description: "--fail-if '\(text)' cannot be read: it has to be NAME OPERATOR NUMBER[%], such as "
                        + "'unavailable > 20%', 'unavailable +5%' or 'unique < 1000'; NAME is one of "
                        + Gate.metrics.joined(separator: ", "))
            }
            gates.append(gate)
        }
        return gates
    }
}

extension RawRepresentable where Self: CaseIterable, RawValue == String {
    /// The value of an option that takes one of a few names; nil if it was not given.
    static func named(_ name: String?, option: String) throws(UsageError) -> Self? {
        guard let name else { return nil }
        guard let value = Self(rawValue: name) else {
            throw UsageError(
                description: "\(option) '\(name)' cannot be read: it has to be one of "
                    + allCases.map(\.rawValue).joined(separator: ", "))
        }
        return value
    }
}

extension AuditedRun {
    init(_ snapshot: SnapshotReader) { self.init(snapshot.summary) { try snapshot.rows($0) } }
}
