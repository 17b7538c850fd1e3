import Files
import Model

/// An older form of a snapshot that was moved aside to be deleted.
package enum ReplacedSnapshot {
    /// Deletes the files that a run made. Files of the user are moved to the new snapshot.
    ///
    /// - Parameters:
    ///   - path: the older form; it need not exist.
    ///   - snapshot: the new snapshot.
    /// - Throws: `FileError` if a file is left because the new snapshot has one of that name, or if the system refuses.
    package static func discard(_ path: String, keepingFilesIn snapshot: String) throws {
        guard FileStatus(at: path)?.kind == .directory else { return }
        let own = Set(SnapshotFile.allCases.map(\.rawValue))
        for name in try FileSystem.list(path) {
            if own.contains(name), FileStatus(at: path + "/" + name)?.kind != .directory {
                try FileSystem.removeFile(path + "/" + name)
            } else if !FileSystem.exists(snapshot + "/" + name) {
                try FileSystem.rename(path + "/" + name, to: snapshot + "/" + name)
            }
        }
        try FileSystem.removeEmptyDirectory(path)
    }
}
