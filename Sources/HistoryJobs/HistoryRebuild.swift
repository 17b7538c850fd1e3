import Files
import History
import Journal
package import Model
package import Snapshots

/// Rebuilds `history.csv` from the snapshots. Lines that it cannot read, and rows of runs whose snapshot is gone, stay.
package struct HistoryRebuild: Sendable {
    package var directory: OutputDirectory

    package init(in directory: OutputDirectory) { self.directory = directory }

    package struct Result: Sendable {
        /// Number of rows of the file.
        package var rows: Int
        /// Number of these rows whose snapshot is gone.
        package var gone: Int
    }

    /// Rebuilds the file, with the output directory locked.
    ///
    /// - Parameters:
    ///   - runs: the published runs of the directory.
    ///   - now: the time that the lock file records.
    ///   - warn: receives warnings for the user, one sentence each.
    /// - Returns: the numbers of rows of the new file.
    /// - Throws: `NoSuchRun`, `LockHeld`, `FileError`.
    package func run(_ runs: PublishedRuns, at now: Timestamp, warn: (String) -> Void) throws -> Result {
        let summaries = runs.snapshots.map(\.summary)
        guard let newest = summaries.last else { throw NoSuchRun("nothing to rebuild history.csv from", runs: runs) }
        let work = try directory.work.lock(at: now)
        defer { withExtendedLifetime(work) {} }
        for warning in work.warnings { warn(warning) }
        var history = try history(movingAsideFor: newest.run.id, warn)
        // A run that was killed before it removed its incomplete snapshot has two snapshots but one row.
        let complete = Set(summaries.filter { $0.run.exitCode == 0 }.map(\.run.id))
        for summary in summaries where summary.run.exitCode == 0 || !complete.contains(summary.run.id) {
            history.put(HistoryRow(summary))
        }
        history.sort()
        try history.save(through: directory.work.history)
        history = try History(at: directory.history)
        for warning in history.warnings { warn(warning) }
        let rows = Set(history.rows.map(\.run))
        return Result(rows: rows.count, gone: rows.subtracting(summaries.map(\.run.id) + runs.future).count)
    }

    /// Reads the history. A file of another kind at its path is renamed first.
    private func history(movingAsideFor run: RunID, _ warn: (String) -> Void) throws -> History {
        do {
            return try History(at: directory.history)
        } catch is ForeignHistory {
            let name = directory.history + ".before-" + run.description
            let names = [name] + (2...1_000).lazy.map { "\(name)-\($0)" }
            guard let aside = names.first(where: { !FileSystem.exists($0) }) else {
                throw FileError(.cannotCreate, "a file already exists at", path: name)
            }
            try FileSystem.rename(directory.history, to: aside)
            warn("\(directory.history) was not a history of this program; it was renamed to \(aside)")
            return try History(at: directory.history)
        }
    }
}
