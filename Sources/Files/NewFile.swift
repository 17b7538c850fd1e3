import Glibc
import SystemPackage

/// How files and directories are made: whose they are, and who may read them.
enum NewFile {
    static let permissions: FilePermissions = [.ownerReadWrite, .groupRead]

    /// Creates a file, mode 0640 whatever the umask says; one that is there already, a link too, is an error.
    ///
    /// As root, it is given to the owner of the directory that it is in.
    static func create(_ path: String) throws -> FileDescriptor {
        let descriptor = try FileError.naming(.cannotCreate, "cannot create", path: path) {
            try FileDescriptor.open(
                FilePath(bytesOf: path),
                .readWrite,
                options: [.create, .exclusiveCreate, .noFollow, .closeOnExec],
                permissions: permissions
            )
        }
        _ = fchmod(descriptor.rawValue, permissions.rawValue)
        follow(ownerOfParent: descriptor, at: path)
        return descriptor
    }

    /// Gives an open file that is root's and stands in another user's directory to that user and the directory's group.
    static func follow(ownerOfParent descriptor: FileDescriptor, at path: String) {
        guard let directory = foreignParent(of: path), FileStatus(of: descriptor.rawValue)?.owner == 0 else { return }
        _ = fchown(descriptor.rawValue, directory.owner, directory.group)
    }

    /// Gives what root has just made in another user's directory to that user and the directory's group; a link is not
    /// followed.
    static func follow(ownerOfParent path: String) {
        if let directory = foreignParent(of: path) {
            unsafe _ = lchown(path.system, directory.owner, directory.group)
        }
    }

    /// The directory that a path is in, if this is root and the directory another user's.
    private static func foreignParent(of path: String) -> FileStatus? {
        guard Users.current == 0 else { return nil }
        guard let status = FileStatus(following: FilePaths.directory(of: path)), status.owner != 0 else { return nil }
        return status
    }
}
