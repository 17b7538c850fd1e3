import ArgumentParser
import Audit
import Files
import Formats
import Foundation
import Model
import Snapshots

/// `report`: the history as one web page.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "The history as one self-contained web page with charts.",
        discussion: """
            The page shows every run of the newest run's source and account, from history.csv and from the snapshots that are \
            there, and what changed between the newest run and the complete one before. It needs no network, holds no id of \
            a subscriber, and is replaced as a whole, so that a web server can serve it as it is.

            A gate is written as for audit: --fail-if 'unavailable > 20%'. What each says stands in the page, limits of the \
            unavailable share are lines in its chart, and the exit code stays 0.
            """
    )

    @OptionGroup var reports: ReportsArguments

    @Option(
        help: ArgumentHelp(
            "Where the page goes, or '-' for standard output. Default: report.html where the snapshots are.",
            valueName: "file"))
    var output: String?

    @Option(
        name: .customLong("fail-if"),
        help: ArgumentHelp("A gate to show; may be given several times.", valueName: "gate"))
    var failIf: [String] = []

    @Flag(
        help: """
            Write no page but history.csv anew from the snapshots. Rows of snapshots that are gone are kept.
            """)
    var rebuildHistory = false

    func run() async throws {
        let gates = try Gate.all(failIf)
        guard !rebuildHistory || (output == nil && gates.isEmpty) else {
            throw UsageError(description: "--rebuild-history goes without --output and --fail-if: it writes no page")
        }
        let (directory, output) = (try reports.directory(), output)
        let now = Surroundings.live(Settings.Speech()).now()
        let rebuilds = rebuildHistory
        try await onBlockingThread {
            let runs = try PublishedRuns(in: directory)
            for note in runs.notes { ViberRollcall.complain("warning: \(note)") }
            if rebuilds {
                try HistoryRebuild(runs, directory).write(at: now)
            } else {
                let file = ReportFile(directory, output: output)
                let count = try file.write(runs, gates: gates, at: now)
                if let path = file.path { try StandardStream.output.write("\(path): \(count.of("run"))\n") }
            }
        }
    }
}

/// `history.csv` made anew.
private struct HistoryRebuild {
    let runs: PublishedRuns
    let directory: OutputDirectory

    init(_ runs: PublishedRuns, _ directory: OutputDirectory) {
        self.runs = runs
        self.directory = directory
    }

    func write(at now: Timestamp) throws {
        guard !runs.snapshots.isEmpty else { throw NoSuchRun("nothing to rebuild history.csv from", runs: runs) }
        let lock = try directory.work.lock(holder: "process \(ProcessID.own) since \(now.seconds)")
        defer { withExtendedLifetime(lock) {} }
        if let note = try History.rebuild(from: runs.snapshots.map(\.summary), in: directory.history) {
            ViberRollcall.complain("warning: \(note)")
        }
        let rows = try History.read(from: directory.history).count
        let gone = rows - Set(runs.snapshots.map(\.summary.run.id)).count
        try StandardStream.output.write(
            "\(directory.history): \(rows.of("row")), \(gone.grouped) of them of runs whose snapshot is gone\n")
    }
}

/// The page, and what it is made from.
struct ReportFile {
    private let directory: OutputDirectory
    /// Nil for standard output.
    let path: String?

    /// `output`: as it was typed.
    init(_ directory: OutputDirectory, output: String?) {
        self.directory = directory
        path = output == "-" ? nil : output ?? directory.path + "/report.html"
    }

    /// Returns how many runs are known.
    func write(_ runs: PublishedRuns, gates: [Gate], at now: Timestamp) throws -> Int {
        var warnings = runs.notes
        let history: [HistoryRow]
        do {
            history = try History.read(from: directory.history)
        } catch let error as DamagedSnapshot {
            history = []
            warnings.append("\(error.description); only runs whose snapshots are there are shown")
            ViberRollcall.complain("warning: \(error.description); report --rebuild-history makes it anew")
        }
        // What a snapshot says of its run counts for more than the file.
        let rows = Dictionary(
            (runs.snapshots.map { HistoryRow($0.summary) } + history).map { ($0.run, $0) },
            uniquingKeysWith: { row, _ in row })
        var material = HistoryPage.Material(
            rows: Array(rows.values), madeAt: now, toolVersion: ViberRollcall.version)
        material.gates = gates
        if let newest = runs.newest {
            let earlier = runs.earlier(than: newest)
            material.newest = newest.summary
            warnings += newest.summary.warnings.map { "Run \(newest.summary.run.id): \($0)" }
            material.audit = audit(newest, against: earlier, warnings: &warnings)
            material.gateResults = gates.map { $0.result(for: newest.summary, against: earlier?.summary) }
        }
        for snapshot in runs.snapshots { material.links[snapshot.summary.run.id.description] = link(to: snapshot.path) }
        material.warnings = warnings
        guard let page = HistoryPage(material) else { throw NoSuchRun("nothing to report", runs: runs) }
        let html = try page.html()
        if let path {
            try Directories.replaceFile(path, content: html)
        } else {
            try StandardStream.output.write(html)
        }
        return material.rows.count
    }

    /// Without the earlier run, or not at all, where rows cannot be read.
    private func audit(
        _ newest: SnapshotReader,
        against earlier: SnapshotReader?,
        warnings: inout [String]
    ) -> Audit? {
        for candidate in earlier == nil ? [nil] : [earlier, nil] {
            do {
                return try Audit(of: AuditedRun(naming: newest), against: candidate.map(AuditedRun.init(naming:)))
            } catch {
                // Whose it is, it says itself.
                let what = String(describing: error)
                if !warnings.contains(what) { warnings.append(what) }
                ViberRollcall.complain("warning: \(what)")
            }
        }
        return nil
    }

    /// Relative where page and snapshots lie together, so that the directory can be moved and served.
    private func link(to snapshot: String) -> String {
        let url = URL(fileURLWithPath: snapshot, isDirectory: true)
        let page = path.map { URL(fileURLWithPath: $0).deletingLastPathComponent().resolvingSymlinksInPath().path }
        guard page == url.deletingLastPathComponent().resolvingSymlinksInPath().path else { return url.absoluteString }
        return url.lastPathComponent + "/"
    }
}

extension AuditedRun {
    /// Whatever is wrong with its rows, the error names the snapshot.
    fileprivate init(naming snapshot: SnapshotReader) {
        self.init(snapshot.summary) { visit in
            do {
                try snapshot.rows(visit)
            } catch {
                // Of reading a snapshot, which has words of its own.
                let what = String(describing: error)
                throw UnreadableRows(description: "the rows of \(snapshot.path) cannot be read: \(what)")
            }
        }
    }
}

/// A snapshot counts, and the rows that it counts cannot be read.
private struct UnreadableRows: Error, CustomStringConvertible {
    var description: String
}
