import Files
import Model
import Snapshots

/// What follows when a snapshot is in place: its row in the history, the link `latest`, and no older form of it.
struct Publication {
    let output: OutputDirectory

    /// Makes a snapshot known that is in place. May be done again.
    ///
    /// - Returns: a sentence for people, if there is something to say.
    func announce(_ summary: RunSummary, at path: String) throws -> String? {
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

    /// Does what is left to do of a run that has work and yet was published: its process ended between the two.
    ///
    /// - Returns: false for a run that is to be gone on with.
    func finish(_ run: RunID) throws -> Bool {
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
}

/// The snapshot is in place, and what has to follow could not be done.
struct UnfinishedPublication: Error, CustomStringConvertible {
    var path: String
    var cause: any Error

    var description: String { "the snapshot \(path) is published, but: \(cause)" }
}
