import Files
import Model

/// An older form of a snapshot that was moved aside to be deleted.
package enum ReplacedSnapshot {
    /// Deletes the files that a run made. What else somebody put there goes on in the new snapshot.
    ///
    /// - Parameters:
    ///   - path: of the older form; there need not be one.
    ///   - snapshot: the new one.
    /// - Throws: `FileError` if something is left, since the new snapshot has a file of that name, or the disk refuses.
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
