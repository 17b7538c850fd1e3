import Files
import History
import Journal
package import Model
package import Snapshots

/// Publishes snapshots: renames one into place, adds its row to the history, updates the link `latest`, and removes
/// the incomplete snapshot of the same run.
///
/// A run has succeeded when its snapshot is in place. What fails after that is a warning, and every later run tries
/// again.
package struct Publication: Sendable {
    private let output: OutputDirectory
    private let now: Timestamp

    /// - Parameters:
    ///   - output: the output directory.
    ///   - now: the current time; runs dated long after it are left out of the history and of `latest`.
    package init(output: OutputDirectory, now: Timestamp) {
        self.output = output
        self.now = now
    }

    /// Looks, before anything is sent, for what would prevent updates of the history and of `latest`.
    ///
    /// - Returns: sentences for the user.
    package func obstacles() -> [String] {
        var found = [output.foreignLatest].compactMap(\.self)
        attempt(&found) { _ = try History(at: output.history) }
        var future: [String] = []
        attempt(&found) { future = try output.futureRuns(now: now) }
        return found + future
    }

    /// Writes a snapshot, renames it into place, updates the history and `latest`, and removes the work of its run.
    ///
    /// - Parameters:
    ///   - summary: the summary without counts, times and exit code, which are filled in.
    ///   - writer: a writer for the same output directory.
    ///   - keepsWork: whether a later run may resume this one.
    ///   - rows: passes every row to its closure, in source order.
    ///   - exitCode: returns the exit code of the run for the counts of the rows.
    /// - Returns: the published snapshot, with warnings about what failed after that.
    /// - Throws: `BrokenInvariant` or `FileError`; then the snapshot is not in place.
    package func publish(
        _ summary: RunSummary,
        _ writer: SnapshotWriter,
        keepsWork: Bool = false,
        rows: SnapshotWriter.Rows,
        exitCode: (Counts) -> Int32
    ) throws -> PublishedSnapshot {
        var published = try writer.publish(summary, rows: rows, exitCode: exitCode)
        // If the clock was set back during the run, this run must not count as one of the future.
        let adjustedNow = max(now, published.summary.run.startedAt)
        let (isDurable, warnings) = updateIndexes(published.summary, at: published.path, now: adjustedNow)
        published.warnings = warnings
        // If the snapshot's name may not be on the disk yet, the work is kept: it can produce the snapshot again.
        if !keepsWork, isDurable { attempt(&published.warnings) { try output.work.run(summary.run.id).remove() } }
        return published
    }

    /// Finishes the publication of a run whose process ended after the snapshot was in place and before its work was
    /// removed.
    ///
    /// - Parameter run: a run that has work.
    /// - Returns: warnings for the user; nil for a run that was not published as finished, and so can be resumed.
    package func finishPublished(_ run: RunID) -> [String]? {
        for isWhole in [true, false] {
            let path = output.published(run, isWhole: isWhole)
            guard FileSystem.exists(path) else { continue }
            // A snapshot that was edited by hand may be unreadable; then the run is resumed from its work.
            guard let summary = try? SnapshotReader(path).summary, summary.run.isFinished else { return nil }
            return updateIndexes(summary, at: path, now: now).warnings
        }
        return nil
    }

    /// Updates the history, `latest` and older snapshots of the run for a snapshot that is in place. Idempotent.
    ///
    /// - Returns: whether its name is on the disk, and warnings about what failed.
    private func updateIndexes(
        _ summary: RunSummary, at path: String, now: Timestamp
    ) -> (isDurable: Bool, warnings: [String]) {
        let work = output.work.run(summary.run.id)
        var warnings: [String] = []
        let isDurable = attempt(&warnings) { try FileSystem.sync(output.path) }
        attempt(&warnings) { try ReplacedSnapshot.discard(work.replaced, keepingFilesIn: path) }
        // The row comes first, so that a reader of `latest` finds its run in the history.
        var historyWarnings: [String] = []
        attempt(&warnings) { historyWarnings = try addToHistory(summary, now: now) }
        warnings += historyWarnings
        if let foreign = output.foreignLatest {
            warnings.append(foreign)
        } else {
            attempt(&warnings) { try output.linkLatest(after: summary.run.id, now: now) }
        }
        let older = output.published(summary.run.id, isWhole: false)
        if summary.run.exitCode == 0, FileSystem.exists(older) {
            attempt(&warnings) {
                // The rename hides it in one step.
                try FileSystem.rename(older, to: work.replaced)
                try ReplacedSnapshot.discard(work.replaced, keepingFilesIn: path)
            }
        }
        attempt(&warnings) { try FileSystem.sync(output.path) }
        return (isDurable, warnings)
    }

    /// Adds the run's row, and the rows that earlier runs could not add when they were published.
    ///
    /// - Returns: warnings about the history.
    private func addToHistory(_ summary: RunSummary, now: Timestamp) throws -> [String] {
        var history = try History(at: output.history)
        // An incomplete run may have a newer snapshot than the one its row describes.
        let known = Set(history.rows.filter(\.complete).map(\.run) + [summary.run.id])
        for missing in try output.summaries(notIn: known, now: now) { history.put(HistoryRow(missing)) }
        history.put(HistoryRow(summary))
        try history.save(through: output.work.history)
        return history.warnings
    }

    /// Runs `body`, and appends the error that it throws to `warnings`.
    ///
    /// - Returns: whether it succeeded.
    @discardableResult
    private func attempt(_ warnings: inout [String], _ body: () throws -> Void) -> Bool {
        do {
            try body()
            return true
        } catch {
            // `FileError` and the errors of the history are sentences.
            let warning = String(describing: error)
            if !warnings.contains(warning) { warnings.append(warning) }
            return false
        }
    }
}
