import Files
package import Journal
package import Model

/// The directory that snapshots go to, and the names in it.
package struct OutputDirectory: Sendable {
    package let path: String

    package init(_ path: String) { self.path = path }

    package var latest: String { path + "/latest" }
    package var history: String { path + "/history.csv" }

    /// Where runs keep what they need until their snapshots are published.
    package var work: WorkDirectory { WorkDirectory(in: path) }

    /// Where the snapshot of a run stands, by how the run ended.
    package func published(_ run: RunSummary.Run) -> String { published(run.id, isWhole: run.exitCode == 0) }

    package func published(_ run: RunID, isWhole: Bool) -> String {
        path + "/" + run.description + (isWhole ? "" : RunID.incompleteSuffix)
    }

    /// Whether a published run started in the second of `time`.
    package func hasRun(startedInSecondOf time: Timestamp) throws -> Bool {
        try Directories.list(path).contains { name in
            name.hasPrefix(time.stamp) && RunID(directoryName: name) != nil
        }
    }
}
