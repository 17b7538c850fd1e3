package import Files
import Glibc
package import Model

/// Where the runs of one output directory keep what they need until their snapshots are published.
///
///     .work/.lock               held by the run under way
///     .work/RUN/                one run: see `RunDirectory`
package struct WorkDirectory: Sendable {
    private let path: String

    /// `outputDirectory`: the path of the directory that snapshots go to; the work is on the same file system.
    package init(in outputDirectory: String) { path = outputDirectory + "/.work" }

    /// Makes the directory, and those above it, if need be, and locks it for one run.
    ///
    /// - Parameter now: since when the lock is held, for the error of another run.
    /// - Returns: the lock; it is held until it is let go of.
    /// - Throws: `LockHeld`, `FileError`.
    package func lock(at now: Timestamp) throws -> DirectoryLock {
        try Directories.make(path)
        return try DirectoryLock(path: path + "/.lock", holder: "process \(getpid()) since \(now.seconds)")
    }

    /// What one run keeps.
    package func run(_ id: RunID) -> RunDirectory { RunDirectory(id, in: path) }

    /// Runs that keep something. To be called with the lock held.
    func runs() throws -> [RunID] { try Directories.list(path).compactMap(RunID.init(directoryName:)) }
}

/// What one run keeps until its snapshot is published, and the names of all of it.
package struct RunDirectory: Sendable {
    package let id: RunID
    package let path: String
    private let parent: String

    fileprivate init(_ id: RunID, in parent: String) {
        self.id = id
        self.parent = parent
        path = parent + "/" + id.description
    }

    /// The accepted ids of the source, each once.
    package var spool: String { path + "/spool" }
    /// What is known of each id of the spool.
    package var answers: String { path + "/answers" }
    /// The summary so far and the settings of the run: `WorkRecord`.
    var record: String { path + "/" + WorkRecord.fileName }
    /// Rows of the source that yielded no id; there if there are any.
    package var rejected: String { path + "/rejected.csv" }
    /// The snapshot before it is published.
    package var staging: String { path + "/snapshot" }
    /// Where an older snapshot of the run is moved before it is deleted, so that no reader sees it half deleted.
    package var replaced: String { path + "/replaced" }

    /// Makes the directory. It is on the disk before the snapshot is: what is left to do after that is known by it.
    package func create() throws {
        try Directories.make(path)
        try Directories.sync(parent)
    }

    /// Removes the directory and all that is in it.
    package func remove() throws { try Directories.remove(path) }
}
