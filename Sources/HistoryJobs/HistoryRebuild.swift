import Files
import History
import Journal
package import Model
package import Snapshots

/// Makes `history.csv` anew from the snapshots. What it cannot read, and rows of runs whose snapshot is gone, stay.
package struct HistoryRebuild: Sendable {
    package var directory: OutputDirectory

    package init(in directory: OutputDirectory) { self.directory = directory }

    package struct Result: Sendable {
        /// Rows of the file.
        package var rows: Int
        /// Of these, rows of runs whose snapshot is gone.
        package var gone: Int
    }

    /// Rebuilds the file, with the output directory locked.
    ///
    /// - Parameters:
    ///   - runs: those of the directory.
    ///   - now: for the lock.
    ///   - warn: is handed what a person should know, in sentences.
    /// - Returns: what the file holds now.
    /// - Throws: `NoSuchRun`, `LockHeld`, `FileError`.
    package func run(_ runs: PublishedRuns, at now: Timestamp, warn: (String) -> Void) throws -> Result {
        let summaries = runs.snapshots.map(\.summary)
        guard let newest = summaries.last else { throw NoSuchRun("nothing to rebuild history.csv from", runs: runs) }
        let work = try directory.work.lock(at: now)
        defer { withExtendedLifetime(work) {} }
        for warning in work.warnings { warn(warning) }
        var history = try history(movingAsideFor: newest.run.id, warn)
        // A run whose incomplete form was not yet removed when it ended has one row.
        let whole = Set(summaries.filter { $0.run.exitCode == 0 }.map(\.run.id))
        for summary in summaries where summary.run.exitCode == 0 || !whole.contains(summary.run.id) {
            history.put(HistoryRow(summary))
        }
        history.sort()
        try history.save(through: directory.work.history)
        history = try History(at: directory.history)
        for note in history.warnings { warn(note) }
        let rows = Set(history.rows.map(\.run))
        return Result(rows: rows.count, gone: rows.subtracting(summaries.map(\.run.id) + runs.future).count)
    }

    /// The history as it is. Something else that has its name gets another one.
    private func history(movingAsideFor run: RunID, _ warn: (String) -> Void) throws -> History {
        do {
            return try History(at: directory.history)
        } catch is ForeignHistory {
            let name = directory.history + ".before-" + run.description
            let names = [name] + (2...1_000).lazy.map { "\(name)-\($0)" }
            guard let aside = names.first(where: { !FileSystem.exists($0) }) else {
                throw FileError(.cannotCreate, "something is there already:", path: name)
            }
            try FileSystem.rename(directory.history, to: aside)
            warn("\(directory.history) was no history of this program; it is now \(aside)")
            return try History(at: directory.history)
        }
    }
}
