package import Audit
import Files
import Formats
import Foundation
import History
package import Model
import Report
package import Snapshots

/// The page, and what it is made from.
package struct ReportJob: Sendable {
    private let directory: OutputDirectory
    private let gates: [Gate]
    private let toolVersion: String
    /// The directory that the page goes to; nil for standard output.
    private let pageDirectory: String?

    /// - Parameters:
    ///   - directory: where the snapshots are.
    ///   - path: of the page; nil for standard output.
    ///   - gates: to show in the page.
    ///   - toolVersion: of this program, for the foot of the page.
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
    ///   - runs: those that there are.
    ///   - now: when the page is made.
    ///   - warn: is handed what a person should know, in sentences.
    /// - Returns: the page, and how many runs it knows of.
    /// - Throws: `NoSuchRun` if there is none; `FileError`.
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
            var notes = file.warnings
            let future = file.rows.filter { $0.startedAt.isInTheFuture(at: now) && !runs.future.contains($0.run) }
            if let run = future.first?.run {
                notes.append(
                    "\(directory.history) has \(future.count.counted("row")) of runs that started in the future, \(run) the first; "
                        + "left out")
            }
            warnings += notes
            for note in notes { warn(note) }
        } catch  where error is ForeignHistory || error is FileError {
            // Both have words of their own.
            let reason = String(describing: error)
            warnings.append("\(reason); only runs whose snapshots are there are shown")
            warn(reason)
        }
        // What a snapshot says of its run counts for more than the file.
        let rows = Dictionary(
            (runs.snapshots.map { HistoryRow($0.summary) } + history).map { ($0.run, $0) },
            uniquingKeysWith: { row, _ in row })
        var material = HistoryPage.Input(rows: Array(rows.values), madeAt: now, toolVersion: toolVersion)
        material.gates = gates
        if let newest = runs.newest {
            let earlier = runs.earlier(than: newest)
            material.newest = newest.summary
            warnings += newest.summary.warnings.map { "Run \(newest.summary.run.id): \($0)" }
            material.audit = audit(newest, against: earlier) { what in
                if !warnings.contains(what) { warnings.append(what) }
                warn(what)
            }
            material.gateResults = gates.map { $0.result(for: newest.summary, against: earlier?.summary) }
        }
        for snapshot in runs.snapshots { material.links[snapshot.summary.run.id.description] = link(to: snapshot.path) }
        material.warnings = warnings
        guard let page = HistoryPage(material) else { throw NoSuchRun("nothing to report", runs: runs) }
        return (try page.html(), material.rows.count)
    }

    /// Without the earlier run, or not at all, where rows cannot be read.
    private func audit(
        _ newest: SnapshotReader,
        against earlier: SnapshotReader?,
        warn: (String) -> Void
    ) -> Audit? {
        for candidate in earlier == nil ? [nil] : [earlier, nil] {
            do {
                return try Audit(of: AuditedRun(naming: newest), against: candidate.map(AuditedRun.init(naming:)))
            } catch {
                // Whose it is, it says itself.
                warn(String(describing: error))
            }
        }
        return nil
    }

    /// Relative where page and snapshots lie together, so that the directory can be moved and served.
    private func link(to snapshot: String) -> String {
        let url = URL(fileURLWithPath: snapshot, isDirectory: true)
        guard pageDirectory == url.deletingLastPathComponent().resolvingSymlinksInPath().path else {
            return url.absoluteString
        }
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
