import Files
import History
import Journal
package import Model
package import Snapshots

/// Publishes snapshots, and does what follows when one is in place: its row in the history, the link `latest`, and no
/// older form of it.
package struct Publication: Sendable {
    private let output: OutputDirectory

    package init(output: OutputDirectory) { self.output = output }

    /// Writes a snapshot, puts it in place, makes it known, and removes the work of its run.
    ///
    /// - Parameters:
    ///   - summary: all but its counts, times and exit code, which are filled in.
    ///   - writer: of the same output directory.
    ///   - keepsWork: whether a later run is to go on with this one.
    ///   - rows: hands every row to its closure, in source order.
    ///   - exitCode: of the run, by the counts that the rows gave.
    /// - Returns: the snapshot as published.
    /// - Throws: `BrokenInvariant`, `FileError`; `UnfinishedPublication` if the snapshot is in place and the rest could not
    ///   be done. It is done by the next run.
    package func publish(
        _ summary: RunSummary,
        _ writer: SnapshotWriter,
        keepsWork: Bool = false,
        rows: SnapshotWriter.Rows,
        exitCode: (Counts) -> Int32
    ) throws -> Published {
        var published = try writer.publish(summary, rows: rows, exitCode: exitCode)
        do {
            published.note = try announce(published.summary, at: published.path)
            if !keepsWork { try output.work.run(summary.run.id).remove() }
            return published
        } catch {
            throw UnfinishedPublication(path: published.path, cause: error)
        }
    }

    /// Does what is left to do of a run that has work and yet was published: its process ended between the two.
    ///
    /// - Returns: false for a run that is to be gone on with.
    package func finish(_ run: RunID) throws -> Bool {
        for isWhole in [true, false] {
            let path = output.published(run, isWhole: isWhole)
            guard Directories.exists(path) else { continue }
            // Somebody may have put hands on it; then the work tells what was not yet told.
            guard let summary = try? SnapshotReader(path).summary, summary.run.isFinished else { return false }
            _ = try announce(summary, at: path)
            return true
        }
        return false
    }

    /// Makes a snapshot known that is in place. May be done again.
    ///
    /// - Returns: a sentence for people, if there is something to say.
    private func announce(_ summary: RunSummary, at path: String) throws -> String? {
        // The row first: a reader of `latest` finds its run in the history.
        let note = try History.record(summary, in: output.history)
        if summary.run.exitCode == 0 {
            try Directories.replaceLink(output.latest, target: summary.run.id.description)
            try Directories.remove(
                output.published(summary.run.id, isWhole: false), by: output.work.run(summary.run.id).replaced)
        }
        try Directories.sync(output.path)
        return note
    }
}

/// The snapshot is in place, and what has to follow could not be done.
package struct UnfinishedPublication: Error, CustomStringConvertible {
    package var path: String
    package var cause: any Error

    package var description: String { "the snapshot \(path) is published, but: \(cause)" }
}
