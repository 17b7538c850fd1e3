import Files
package import Model

/// A snapshot that is in place.
package struct Published: Sendable {
    package var summary: RunSummary
    /// The object of `summary.json` on one line.
    package var json: [UInt8]
    package var path: String
    package var files: [FileFacts]
    /// What a person should know that the snapshot could not yet say.
    package var note: String?
}

/// The snapshot is in place, and what has to follow could not be done.
package struct UnfinishedPublication: Error, CustomStringConvertible {
    package var path: String
    package var cause: any Error

    package var description: String { "the snapshot \(path) is published, but: \(cause)" }
}

extension OutputDirectory {
    /// Where the snapshot of a run stands, by how the run ended.
    func published(_ run: RunSummary.Run) -> String { published(run.id, isWhole: run.exitCode == 0) }

    private func published(_ run: RunID, isWhole: Bool) -> String {
        path + "/" + run.description + (isWhole ? "" : RunID.incompleteSuffix)
    }

    /// The snapshot of a run that has work and yet was published: its process ended between the two.
    ///
    /// Returns nil for a run that is to be gone on with.
    func finished(_ run: RunID) throws -> (summary: RunSummary, path: String)? {
        for isWhole in [true, false] {
            let path = published(run, isWhole: isWhole)
            guard Directories.exists(path) else { continue }
            // Somebody may have put hands on it; then the work tells what was not yet told.
            guard let summary = try? SnapshotReader(path).summary, summary.run.isFinished else { return nil }
            return (summary, path)
        }
        return nil
    }

    /// Makes a snapshot known that is in place: history, `latest`, and no older form of it. May be done again.
    ///
    /// Returns a sentence for people, if there is something to say.
    func announce(_ summary: RunSummary, at path: String) throws -> String? {
        // The row first: a reader of `latest` finds its run in the history.
        let note = try History.record(summary, in: history)
        if summary.run.exitCode == 0 {
            try Directories.replaceLink(latest, target: summary.run.id.description)
            try Directories.remove(published(summary.run.id, isWhole: false), by: replaced(summary.run.id))
        }
        try Directories.sync(self.path)
        return note
    }
}
