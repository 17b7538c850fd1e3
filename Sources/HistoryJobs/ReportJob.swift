package import Audit
import Files
import Formats
import Foundation
import History
package import Model
import Report
package import Snapshots

/// Reads the history and the snapshots and makes the page.
package struct ReportJob: Sendable {
    private let directory: OutputDirectory
    private let gates: [Gate]
    private let toolVersion: String
    /// The directory of the page; nil for standard output.
    private let pageDirectory: String?

    /// - Parameters:
    ///   - directory: the directory of the snapshots.
    ///   - path: the path of the page; nil for standard output.
    ///   - gates: the gates to show in the page.
    ///   - toolVersion: the version of this program, for the foot of the page.
    package init(_ directory: OutputDirectory, page path: String?, gates: [Gate], toolVersion: String) {
        self.directory = directory
        self.gates = gates
        self.toolVersion = toolVersion
        pageDirectory = path.map {
            URL(fileURLWithPath: $0).deletingLastPathComponent().resolvingSymlinksInPath().path
        }
    }

    /// Makes the page.
    ///
    /// - Parameters:
    ///   - runs: the published runs.
    ///   - now: the time shown in the page.
    ///   - warn: receives warnings for the user, one sentence each.
    /// - Returns: the page, and the number of known runs.
    /// - Throws: `NoSuchRun` if there is no run; `FileError`.
    package func run(
        _ runs: PublishedRuns,
        at now: Timestamp,
        warn: (String) -> Void
    ) throws -> (html: [UInt8], runs: Int) {
        var warnings = runs.warnings
        var history: [HistoryRow] = []
        do {
            let file = try History(at: directory.history)
            history = file.rows.filter { !$0.startedAt.isInTheFuture(at: now) }
            var fileWarnings = file.warnings
            let future = file.rows.filter { $0.startedAt.isInTheFuture(at: now) && !runs.future.contains($0.run) }
            if let run = future.first?.run {
                fileWarnings.append(
                    "\(directory.history) has \(future.count.counted("row")) of runs that started in the future "
                        + "(first: \(run)); left out")
            }
            warnings += fileWarnings
            for warning in fileWarnings { warn(warning) }
        } catch  where error is ForeignHistory || error is FileError {
            // Both types describe themselves.
            let reason = String(describing: error)
            warnings.append("\(reason); only runs that have a snapshot are shown")
            warn(reason)
        }
        // The summary of a snapshot takes precedence over its row in the file.
        let rows = Dictionary(
            (runs.snapshots.map { HistoryRow($0.summary) } + history).map { ($0.run, $0) },
            uniquingKeysWith: { row, _ in row })
        var input = HistoryPage.Input(rows: Array(rows.values), madeAt: now, toolVersion: toolVersion)
        input.gates = gates
        if let newest = runs.newest {
            let earlier = runs.earlier(than: newest)
            input.newest = newest.summary
            warnings += newest.summary.warnings.map { "Run \(newest.summary.run.id): \($0)" }
            input.audit = audit(newest, against: earlier) { warning in
                if !warnings.contains(warning) { warnings.append(warning) }
                warn(warning)
            }
            input.gateResults = gates.map { $0.result(for: newest.summary, against: earlier?.summary) }
        }
        for snapshot in runs.snapshots { input.links[snapshot.summary.run.id.description] = link(to: snapshot.path) }
        input.warnings = warnings
        guard let page = HistoryPage(input) else { throw NoSuchRun("nothing to report", runs: runs) }
        return (try page.html(), input.rows.count)
    }

    /// Audits without the earlier run if its rows cannot be read. Nil if the rows of the newest run cannot be read.
    private func audit(
        _ newest: SnapshotReader,
        against earlier: SnapshotReader?,
        warn: (String) -> Void
    ) -> Audit? {
        for candidate in earlier == nil ? [nil] : [earlier, nil] {
            do {
                return try Audit(of: AuditedRun(naming: newest), against: candidate.map(AuditedRun.init(naming:)))
            } catch {
                // The error names the snapshot.
                warn(String(describing: error))
            }
        }
        return nil
    }

    /// The link is relative if the page is in the directory of the snapshots, so that the directory can be moved and
    /// served.
    private func link(to snapshot: String) -> String {
        let url = URL(fileURLWithPath: snapshot, isDirectory: true)
        guard pageDirectory == url.deletingLastPathComponent().resolvingSymlinksInPath().path else {
            return url.absoluteString
        }
        return url.lastPathComponent + "/"
    }
}

extension AuditedRun {
    /// An audited run whose errors from reading rows name the snapshot.
    fileprivate init(naming snapshot: SnapshotReader) {
        self.init(snapshot.summary) { visit in
            do {
                try snapshot.rows(visit)
            } catch {
                // Errors of reading a snapshot describe themselves.
                let reason = String(describing: error)
                throw UnreadableRows(description: "the rows of \(snapshot.path) cannot be read: \(reason)")
            }
        }
    }
}

/// The summary of a snapshot can be read, but its rows cannot.
private struct UnreadableRows: Error, CustomStringConvertible {
    var description: String
}
