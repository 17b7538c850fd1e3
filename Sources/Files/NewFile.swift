import Glibc
import SystemPackage

/// Creates files and directories with the right owner and permissions.
enum NewFile {
    static let permissions: FilePermissions = [.ownerReadWrite, .groupRead]

    /// Creates a file with mode 0640, whatever the umask is; an existing file or link is an error.
    ///
    /// As root, the file gets the owner of its directory.
    static func create(_ path: String) throws -> FileDescriptor {
        let descriptor = try FileError.mappingErrno(.cannotCreate, "cannot create", path: path) {
            try FileDescriptor.open(
                FilePath(bytesOf: path),
                .readWrite,
                options: [.create, .exclusiveCreate, .noFollow, .closeOnExec],
                permissions: permissions
            )
        }
        _ = fchmod(descriptor.rawValue, permissions.rawValue)
        inheritParentOwner(descriptor, at: path)
        return descriptor
    }

    /// As root, gives an open file of root in another user's directory to that user and the directory's group.
    static func inheritParentOwner(_ descriptor: FileDescriptor, at path: String) {
        guard let directory = foreignParent(of: path), FileStatus(of: descriptor.rawValue)?.owner == 0 else { return }
        _ = fchown(descriptor.rawValue, directory.owner, directory.group)
    }

    /// The same for a path, without following a link.
    static func inheritParentOwner(_ path: String) {
        if let directory = foreignParent(of: path) {
            unsafe _ = lchown(path.system, directory.owner, directory.group)
        }
    }

    /// The status of the directory of a path, if this user is root and the directory belongs to another user.
    private static func foreignParent(of path: String) -> FileStatus? {
        guard Users.current == 0 else { return nil }
        guard let status = FileStatus(following: FilePaths.directory(of: path)), status.owner != 0 else { return nil }
        return status
    }
}
