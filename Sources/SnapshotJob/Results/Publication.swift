import Files
import History
import Journal
package import Model
package import Snapshots

/// Publishes snapshots, and does what follows when one is in place: its row in the history, the link `latest`, and no
/// older form of it.
///
/// When a snapshot is in place the run has succeeded: what cannot be done after that is a warning, and every later run tries
/// again.
package struct Publication: Sendable {
    private let output: OutputDirectory
    private let now: Timestamp

    /// `now`: runs that started long after it are left out of what is made known.
    package init(output: OutputDirectory, now: Timestamp) {
        self.output = output
        self.now = now
    }

    /// What is in the way of making a snapshot known, in sentences. For a look before anything is sent.
    package func obstacles() -> [String] {
        var found = [output.foreignLatest].compactMap(\.self)
        attempt(&found) { _ = try History(at: output.history) }
        var future: [String] = []
        attempt(&found) { future = try output.futureRuns(now: now) }
        return found + future
    }

    /// Writes a snapshot, puts it in place, makes it known, and removes the work of its run.
    ///
    /// - Parameters:
    ///   - summary: all but its counts, times and exit code, which are filled in.
    ///   - writer: of the same output directory.
    ///   - keepsWork: whether a later run is to go on with this one.
    ///   - rows: hands every row to its closure, in source order.
    ///   - exitCode: of the run, by the counts that the rows gave.
    /// - Returns: the snapshot as published, with notes of what could not be done after that.
    /// - Throws: `BrokenInvariant`, `FileError`, and then the snapshot is not in place.
    package func publish(
        _ summary: RunSummary,
        _ writer: SnapshotWriter,
        keepsWork: Bool = false,
        rows: SnapshotWriter.Rows,
        exitCode: (Counts) -> Int32
    ) throws -> PublishedSnapshot {
        var published = try writer.publish(summary, rows: rows, exitCode: exitCode)
        // A clock that was set back meanwhile makes no run of the future of this one.
        let moment = max(now, published.summary.run.startedAt)
        let (isDurable, warnings) = updateIndexes(published.summary, at: published.path, now: moment)
        published.warnings = warnings
        // The work of a snapshot whose name the disk may not have makes another one.
        if !keepsWork, isDurable { attempt(&published.warnings) { try output.work.run(summary.run.id).remove() } }
        return published
    }

    /// Does what is left to do of a run that has work and yet was published: its process ended between the two.
    ///
    /// - Returns: what a person should know; nil for a run that is to be gone on with.
    package func finishPublished(_ run: RunID) -> [String]? {
        for isWhole in [true, false] {
            let path = output.published(run, isWhole: isWhole)
            guard FileSystem.exists(path) else { continue }
            // Somebody may have put hands on it; then the work tells what was not yet told.
            guard let summary = try? SnapshotReader(path).summary, summary.run.isFinished else { return nil }
            return updateIndexes(summary, at: path, now: now).warnings
        }
        return nil
    }

    /// Makes a snapshot known that is in place. May be done again.
    ///
    /// - Returns: whether its name is on the disk, and what could not be done, in sentences.
    private func updateIndexes(
        _ summary: RunSummary, at path: String, now: Timestamp
    ) -> (isDurable: Bool, warnings: [String]) {
        let work = output.work.run(summary.run.id)
        var warnings: [String] = []
        let isDurable = attempt(&warnings) { try FileSystem.sync(output.path) }
        attempt(&warnings) { try ReplacedSnapshot.discard(work.replaced, keepingFilesIn: path) }
        // The row first: a reader of `latest` finds its run in the history.
        var ofHistory: [String] = []
        attempt(&warnings) { ofHistory = try addToHistory(summary, now: now) }
        warnings += ofHistory
        if let foreign = output.foreignLatest {
            warnings.append(foreign)
        } else {
            attempt(&warnings) { try output.linkLatest(after: summary.run.id, now: now) }
        }
        let older = output.published(summary.run.id, isWhole: false)
        if summary.run.exitCode == 0, FileSystem.exists(older) {
            attempt(&warnings) {
                // In one step it is out of sight.
                try FileSystem.rename(older, to: work.replaced)
                try ReplacedSnapshot.discard(work.replaced, keepingFilesIn: path)
            }
        }
        attempt(&warnings) { try FileSystem.sync(output.path) }
        return (isDurable, warnings)
    }

    /// Adds the run's row, and the rows of runs that could not be added when they were published.
    private func addToHistory(_ summary: RunSummary, now: Timestamp) throws -> [String] {
        var history = try History(at: output.history)
        // Of a run that was not complete there may be a newer snapshot than its row tells of.
        let known = Set(history.rows.filter(\.complete).map(\.run) + [summary.run.id])
        for missing in try output.summaries(notIn: known, now: now) { history.put(HistoryRow(missing)) }
        history.put(HistoryRow(summary))
        try history.save(through: output.work.history)
        return history.warnings
    }

    /// Does something that may fail, and notes why it did.
    @discardableResult
    private func attempt(_ warnings: inout [String], _ body: () throws -> Void) -> Bool {
        do {
            try body()
            return true
        } catch {
            // Of the disk or the history, which have words of their own.
            let note = String(describing: error)
            if !warnings.contains(note) { warnings.append(note) }
            return false
        }
    }
}
