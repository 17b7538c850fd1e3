import Files
import Glibc

/// Whether a work directory belongs to this user, so that no other user can have put files into it.
struct WorkOwnership: Sendable {
    /// Users whose files count as this process's own.
    private var owners: Set<UInt32>
    /// Whether the file system reports the same owner and mode for every file, so that they mean nothing.
    private var hasFixedOwners = false
    /// Whether no other user could write in the directory before this run.
    private(set) var isTrusted = true

    /// Whether a file belongs to this process according to its owner.
    func isOwn(_ status: FileStatus) -> Bool { hasFixedOwners || owners.contains(status.owner) }

    /// Makes the directory if it does not exist, and removes write permission for other users.
    ///
    /// - Parameters:
    ///   - path: the work directory.
    ///   - outputDirectory: its parent. As root, files of the parent's owner count as own files too.
    /// - Returns: the users whose files count as own, and warnings.
    /// - Throws: `FileError.cannotCreate` if it is a link, belongs to another user, or is on another file system.
    static func check(_ path: String, in outputDirectory: String) throws -> (WorkOwnership, warnings: [String]) {
        if FileStatus(at: path) == nil { try FileSystem.make(path) }
        try FileSystem.requireWritable(outputDirectory)
        guard var status = FileStatus(at: path), let output = FileStatus(following: outputDirectory) else {
            throw FileError(.cannotCreate, "cannot make directory", path: path)
        }
        guard status.kind == .directory else {
            throw FileError(
                .cannotCreate, path: path,
                description: "cannot write in \(path): it is \(status.noun), but this program needs a directory there. "
                    + "Remove it")
        }
        guard status.device == output.device else {
            throw FileError(
                .cannotCreate, path: path,
                description: "cannot publish from \(path): it is on another file system than \(outputDirectory), and a "
                    + "snapshot is published by a rename. Unmount it")
        }
        var ownership = WorkOwnership(owners: [Users.current])
        if Users.current == 0 { ownership.owners.insert(output.owner) }
        if !ownership.isOwn(status) || status.isGroupOrWorldWritable {
            // A file system without owners reports the same for a new file as for the directory.
            let probe = FileSystem.probe(path)
            ownership.hasFixedOwners =
                probe.map { $0.owner == status.owner && (!ownership.isOwn($0) || $0.isGroupOrWorldWritable) } ?? false
        }
        if ownership.hasFixedOwners {
            return (
                ownership,
                [
                    "the file system of \(outputDirectory) gives every file to \(Users.name(status.owner)) with mode "
                        + "\(status.octalMode): this program cannot check who owns its work files"
                ]
            )
        }
        guard ownership.isOwn(status) else { throw FileError(foreign: path, status, handing: outputDirectory) }
        if status.isGroupOrWorldWritable || status.mode & 0o700 != 0o700 {
            ownership.isTrusted = !status.isGroupOrWorldWritable
            try FileSystem.setMode(path, 0o750 | status.mode & 0o2000)
        }
        FileSystem.inheritFromParent(path)
        status = FileStatus(at: path) ?? status
        guard !status.isGroupOrWorldWritable else { throw FileError(foreign: path, status, handing: outputDirectory) }
        return (
            ownership,
            ownership.isTrusted
                ? []
                : ["others could write in \(path); its mode is now \(status.octalMode), and no work in it is resumed"]
        )
    }
}
