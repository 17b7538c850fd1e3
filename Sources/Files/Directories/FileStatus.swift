import Glibc
import SystemPackage

/// The `stat` result of a file: its kind, owner and permissions.
package struct FileStatus: Sendable, Equatable {
    package enum Kind: Sendable {
        case regular, directory, link, pipe, characterDevice, blockDevice, socket
    }

    package var kind: Kind
    /// User id.
    package var owner: UInt32
    /// Group id.
    package var group: UInt32
    /// Permission bits, with setuid, setgid and sticky: the low twelve bits of `st_mode`.
    package var mode: UInt32
    /// The number of hard links.
    package var linkCount: Int
    /// The id of the file system.
    package var device: UInt

    /// The status of a path without following a link. Nil if there is no such file, or no permission to look at it.
    package init?(at path: String) {
        var info = stat()
        guard unsafe lstat(path.system, &info) == 0 else { return nil }
        self.init(info)
    }

    /// The status of a path, following links.
    package init?(following path: String) {
        var info = stat()
        guard unsafe stat(path.system, &info) == 0 else { return nil }
        self.init(info)
    }

    init?(of descriptor: Int32) {
        var info = stat()
        guard unsafe fstat(descriptor, &info) == 0 else { return nil }
        self.init(info)
    }

    private init(_ info: stat) {
        kind =
            switch UInt32(info.st_mode) & UInt32(S_IFMT) {
            case UInt32(S_IFREG): .regular
            case UInt32(S_IFDIR): .directory
            case UInt32(S_IFLNK): .link
            case UInt32(S_IFIFO): .pipe
            case UInt32(S_IFCHR): .characterDevice
            case UInt32(S_IFBLK): .blockDevice
            default: .socket
            }
        owner = info.st_uid
        group = info.st_gid
        mode = UInt32(info.st_mode) & 0o7777
        linkCount = Int(info.st_nlink)
        device = UInt(info.st_dev)
    }

    /// Whether group or others may write.
    package var isGroupOrWorldWritable: Bool { mode & 0o022 != 0 }

    /// Whether new files in the directory get the directory's group (the setgid bit).
    package var hasSetgid: Bool { mode & 0o2000 != 0 }

    /// The suffix of a permission error: who owns the path, and the `chown` command. Empty if this user owns it, or if its
    /// status cannot be read.
    static func ownerHint(_ path: String, isDirectory: Bool) -> String {
        guard let status = FileStatus(following: path), status.owner != Users.current else { return "" }
        let user = Users.name(Users.current)
        return
            "; \(isDirectory ? path : "it") belongs to \(Users.name(status.owner)) (\(status.octalMode)), and this is "
            + "\(user): chown \(isDirectory ? "-R " : "")\(user) \(FilePaths.shellWord(path))"
    }

    /// The kind as a noun with an article.
    package var noun: String {
        switch kind {
        case .regular: "a file"
        case .directory: "a directory"
        case .link: "a link"
        case .pipe: "a pipe"
        case .characterDevice, .blockDevice: "a device"
        case .socket: "a socket"
        }
    }

    /// The permission bits in the octal form that `chmod` takes, such as 0750.
    package var octalMode: String {
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(4 - digits.count, 0)) + digits
    }
}

extension FileError {
    /// The error for a path that must belong to this user and belongs to another: names the owner and the `chown`
    /// command.
    ///
    /// - Parameters:
    ///   - path: the path that belongs to another user.
    ///   - status: its status.
    ///   - directory: the directory for `chown -R`; nil for the parent of `path`. If run as root, the suggested new
    ///     owner is the owner of this directory.
    package init(foreign path: String, _ status: FileStatus, handing directory: String? = nil) {
        let user = Users.name(Users.current)
        let directory = directory ?? FilePaths.directory(of: path)
        let owner = Users.current == 0 ? FileStatus(following: directory).map { Users.name($0.owner) } : nil
        self.init(
            .cannotCreate, path: path,
            description:
                "cannot write in \(path): it belongs to \(Users.name(status.owner)) (\(status.octalMode)), and this is "
                + "\(user). Was the program run as another user once? chown -R \(owner ?? user) "
                + FilePaths.shellWord(directory))
    }
}

/// User ids and names.
package enum Users {
    /// The effective user id of this process.
    package static var current: UInt32 { geteuid() }

    /// The name of a user; the id if there is no name.
    package static func name(_ id: UInt32) -> String {
        var entry = unsafe passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 1 << 14)
        guard unsafe getpwuid_r(id, &entry, &buffer, buffer.count, &found) == 0, unsafe found != nil,
            let name = unsafe entry.pw_name
        else { return String(id) }
        return unsafe String(cString: name)
    }
}
