import History
import Journal
package import Model
package import Snapshots

/// Makes `history.csv` anew from the snapshots.
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
        guard !runs.snapshots.isEmpty else { throw NoSuchRun("nothing to rebuild history.csv from", runs: runs) }
        let lock = try directory.work.lock(at: now)
        defer { withExtendedLifetime(lock) {} }
        if let warning = try History.rebuild(from: runs.snapshots.map(\.summary), in: directory.history) {
            warn(warning)
        }
        let rows = try History.read(from: directory.history).count
        return Result(rows: rows, gone: rows - Set(runs.snapshots.map(\.summary.run.id)).count)
    }
}
