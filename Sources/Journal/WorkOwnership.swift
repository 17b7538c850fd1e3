import Files
import Glibc

/// Whether a work directory is this user's, so that nobody else can have put there what is in it.
struct WorkOwnership: Sendable {
    /// Users whose files count as this process's own.
    private var owners: Set<UInt32>
    /// Whether the file system says of every file what it likes, so that owners and modes mean nothing.
    private var isDecidedByFileSystem = false
    /// Whether nobody else could write in the directory before this run.
    private(set) var isTrusted = true

    /// Whether a file is this process's own, as far as its owner tells.
    func isOwn(_ status: FileStatus) -> Bool { isDecidedByFileSystem || owners.contains(status.owner) }

    /// Makes the directory if need be, and takes from it what would let others write.
    ///
    /// - Parameters:
    ///   - path: of the work directory.
    ///   - outputDirectory: that it is in. Root works for its owner.
    /// - Returns: whose files count, and what a person should know.
    /// - Throws: `FileError.cannotCreate` if it is a link, another user's, or on another file system.
    static func check(_ path: String, in outputDirectory: String) throws -> (WorkOwnership, warnings: [String]) {
        if FileStatus(at: path) == nil { try FileSystem.make(path) }
        try FileSystem.requireWritable(outputDirectory)
        guard var status = FileStatus(at: path), let output = FileStatus(following: outputDirectory) else {
            throw FileError(.cannotCreate, "cannot make directory", path: path)
        }
        guard status.kind == .directory else {
            throw FileError(
                .cannotCreate, path: path,
                saying: "cannot write in \(path): it is \(status.noun), and this program keeps its work there in a "
                    + "directory of its own. Remove it")
        }
        guard status.device == output.device else {
            throw FileError(
                .cannotCreate, path: path,
                saying: "cannot publish from \(path): it is on another file system than \(outputDirectory), and a "
                    + "snapshot gets its name by a rename. Unmount it")
        }
        var ownership = WorkOwnership(owners: [Users.current])
        if Users.current == 0 { ownership.owners.insert(output.owner) }
        if !ownership.isOwn(status) || status.isWritableByOthers {
            // What a file system without owners says of a directory it says of a new file, too.
            let probe = FileSystem.probe(path)
            ownership.isDecidedByFileSystem =
                probe.map { $0.owner == status.owner && (!ownership.isOwn($0) || $0.isWritableByOthers) } ?? false
        }
        if ownership.isDecidedByFileSystem {
            return (
                ownership,
                [
                    "the file system of \(outputDirectory) gives every file to \(Users.name(status.owner)) with mode "
                        + "\(status.octalMode), whoever made it: this program cannot tell whose its work is"
                ]
            )
        }
        guard ownership.isOwn(status) else { throw FileError(foreign: path, status, handing: outputDirectory) }
        if status.isWritableByOthers || status.mode & 0o700 != 0o700 {
            ownership.isTrusted = !status.isWritableByOthers
            try FileSystem.setMode(path, 0o750 | status.mode & 0o2000)
        }
        FileSystem.followParent(path)
        status = FileStatus(at: path) ?? status
        guard !status.isWritableByOthers else { throw FileError(foreign: path, status, handing: outputDirectory) }
        return (
            ownership,
            ownership.isTrusted
                ? []
                : ["others could write in \(path); its mode is now \(status.octalMode), and no work in it is resumed"]
        )
    }
}
