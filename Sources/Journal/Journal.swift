package import Files
import Glibc
package import Model

/// Where the runs of one output directory keep what they need until their snapshots are published.
///
///     .work/.lock               held by the run under way
///     .work/history.csv         the history while it is written anew
///     .work/RUN/                one run: see `RunDirectory`
package struct WorkDirectory: Sendable {
    private let outputDirectory: String
    private let path: String

    /// `outputDirectory`: the path of the directory that snapshots go to; the work is on the same file system.
    package init(in outputDirectory: String) {
        self.outputDirectory = outputDirectory
        path = outputDirectory + "/.work"
    }

    /// Makes the directory, and those above it, if need be, makes sure that it is this user's, and locks it for one run.
    ///
    /// - Parameter now: since when the lock is held, for the error of another run.
    /// - Returns: the lock, which is held until it is let go of, and what was found.
    /// - Throws: `LockHeld`; `FileError.cannotCreate` if the directory or the lock is a link or another user's.
    package func lock(at now: Timestamp) throws -> LockedWork {
        let (ownership, warnings) = try WorkOwnership.check(path, in: outputDirectory)
        let lock = try DirectoryLock(
            path: path + "/.lock", holder: "process \(getpid()) since \(now.seconds)", isOwn: ownership.isOwn)
        var obstacles: [String] = []
        for path in [history, latest] {
            guard let status = FileStatus(at: path) else { continue }
            if status.kind == .regular || status.kind == .link, ownership.isOwn(status) {
                // Of a process that ended while it wrote it.
                try? FileSystem.removeFile(path)
            } else {
                obstacles.append("\(path) is \(status.noun) of another program, where this one writes. Move it away")
            }
        }
        return LockedWork(lock: lock, ownership: ownership, warnings: warnings + obstacles)
    }

    /// Where `history.csv` is written before it gets its place. For who holds the lock.
    package var history: String { path + "/history.csv" }
    /// Where the link `latest` is made before it gets its place. For who holds the lock.
    package var latest: String { path + "/latest" }

    /// What one run keeps.
    package func run(_ id: RunID) -> RunDirectory { RunDirectory(id, in: path) }

    /// Runs that seem to keep something. To be called with the lock held.
    func runs() throws -> [RunID] {
        try FileSystem.list(path).compactMap { name in
            RunID(directoryName: name).flatMap { $0.description == name ? $0 : nil }
        }
    }
}

/// A work directory that this process has the lock of.
package struct LockedWork: Sendable {
    /// Held as long as it is there.
    package let lock: DirectoryLock
    let ownership: WorkOwnership
    /// What a person should know, in sentences.
    package let warnings: [String]
}
