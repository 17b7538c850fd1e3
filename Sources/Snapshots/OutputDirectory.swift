package import Files
package import Model

/// The directory that snapshots go to, and the names in it.
package struct OutputDirectory: Sendable {
    package let path: String

    package init(_ path: String) { self.path = path }

    package var latest: String { path + "/latest" }
    package var history: String { path + "/history.csv" }

    private var work: String { path + "/.work" }

    /// Where a run keeps its spool and answers while it is under way.
    package func work(of run: RunID) -> String { work + "/" + run.description }

    /// The snapshot's directory before it is published, on the same file system.
    func staging(of run: RunID) -> String { work(of: run) + "/snapshot" }

    /// Where an older form of the snapshot goes, so that nobody sees it half removed.
    func replaced(_ run: RunID) -> String { work(of: run) + "/replaced" }

    func published(_ run: RunID, suffix: String) -> String { path + "/" + run.description + suffix }

    /// Makes the directory, if need be, and takes it for one run.
    /// - Returns: the lock; it is held until it is let go of.
    /// - Throws: `LockHeld`, `FileError`.
    package func take(holder: String) throws -> DirectoryLock {
        try Directories.make(work)
        return try DirectoryLock(path: work + "/.lock", holder: holder)
    }

    /// Whether a published run started in the second of `time`.
    package func hasRun(startedInSecondOf time: Timestamp) throws -> Bool {
        try Directories.list(path).contains { name in
            name.hasPrefix(time.stamp) && RunID(directoryName: name) != nil
        }
    }

    /// Makes the work directory of a run. It is on the disk before the snapshot is: what is left to do after that is known by it.
    package func beginWork(_ run: RunID) throws {
        try Directories.make(work(of: run))
        try Directories.sync(work)
    }

    /// Removes the work directory of a run.
    package func endWork(_ run: RunID) throws { try Directories.remove(work(of: run)) }

    /// Runs that have a work directory. To be called with the lock held.
    func runsUnderWay() throws -> [RunID] { try Directories.list(work).compactMap(RunID.init(directoryName:)) }
}
