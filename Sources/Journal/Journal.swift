package import Files
import Glibc
package import Model

/// The work directory in an output directory. Runs keep their files there until their snapshots are published.
///
///     .work/.lock               locked by the current run
///     .work/history.csv         the new history before it replaces the old one
///     .work/RUN/                one run: see `RunDirectory`
package struct WorkDirectory: Sendable {
    private let outputDirectory: String
    private let path: String

    /// The work directory in an output directory; both must be on the same file system.
    package init(in outputDirectory: String) {
        self.outputDirectory = outputDirectory
        path = outputDirectory + "/.work"
    }

    /// Makes the directory and its missing parents, checks that it belongs to this user, and locks it for one run.
    ///
    /// - Parameter now: the time of locking; another run reports it in its error.
    /// - Returns: the lock, held until it is released, and warnings.
    /// - Throws: `LockHeld`; `FileError.cannotCreate` if the directory or the lock is a link or another user's.
    package func lock(at now: Timestamp) throws -> LockedWork {
        let (ownership, warnings) = try WorkOwnership.check(path, in: outputDirectory)
        let lock = try DirectoryLock(
            path: path + "/.lock", holder: "process \(getpid()) since \(now.seconds)", isOwn: ownership.isOwn)
        var obstacles: [String] = []
        for path in [history, latest] {
            guard let status = FileStatus(at: path) else { continue }
            if status.kind == .regular || status.kind == .link, ownership.isOwn(status) {
                // A process ended while it wrote this file.
                try? FileSystem.removeFile(path)
            } else {
                obstacles.append("\(path) is \(status.noun) that this program did not make. Move it away")
            }
        }
        return LockedWork(lock: lock, ownership: ownership, warnings: warnings + obstacles)
    }

    /// The temporary path of `history.csv`. Use it only with the lock held.
    package var history: String { path + "/history.csv" }
    /// The temporary path of the link `latest`. Use it only with the lock held.
    package var latest: String { path + "/latest" }

    /// The files of one run.
    package func run(_ id: RunID) -> RunDirectory { RunDirectory(id, in: path) }

    /// The runs that have an entry in the work directory. Call it only with the lock held.
    func runs() throws -> [RunID] {
        try FileSystem.list(path).compactMap { name in
            RunID(directoryName: name).flatMap { $0.description == name ? $0 : nil }
        }
    }
}

/// A work directory that this process has locked.
package struct LockedWork: Sendable {
    /// Held as long as this object exists.
    package let lock: DirectoryLock
    let ownership: WorkOwnership
    /// Warnings for the user, one sentence each.
    package let warnings: [String]
}
