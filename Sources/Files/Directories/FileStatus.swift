import Glibc
import SystemPackage

/// What the system says of a file: its kind, whose it is, and who may do what with it.
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
    /// How many names the file has.
    package var names: Int
    /// The number of the file system.
    package var device: UInt

    /// The status of a name itself: a link is not followed. Nil if there is nothing, or it may not be looked at.
    package init?(at path: String) {
        var facts = stat()
        guard unsafe lstat(path.system, &facts) == 0 else { return nil }
        self.init(facts)
    }

    /// The status of what a path leads to: links are followed.
    package init?(following path: String) {
        var facts = stat()
        guard unsafe stat(path.system, &facts) == 0 else { return nil }
        self.init(facts)
    }

    init?(of descriptor: Int32) {
        var facts = stat()
        guard unsafe fstat(descriptor, &facts) == 0 else { return nil }
        self.init(facts)
    }

    private init(_ facts: stat) {
        kind =
            switch UInt32(facts.st_mode) & UInt32(S_IFMT) {
            case UInt32(S_IFREG): .regular
            case UInt32(S_IFDIR): .directory
            case UInt32(S_IFLNK): .link
            case UInt32(S_IFIFO): .pipe
            case UInt32(S_IFCHR): .characterDevice
            case UInt32(S_IFBLK): .blockDevice
            default: .socket
            }
        owner = facts.st_uid
        group = facts.st_gid
        mode = UInt32(facts.st_mode) & 0o7777
        names = Int(facts.st_nlink)
        device = UInt(facts.st_dev)
    }

    /// Whether group or others may write.
    package var isWritableByOthers: Bool { mode & 0o022 != 0 }

    /// Whether what is made in the directory belongs to the directory's group.
    package var keepsGroup: Bool { mode & 0o2000 != 0 }

    /// Whose something is that this user may not use, and how to change that, for the end of an error; nothing where it is this
    /// user's, or not to be seen.
    static func ownerHint(_ path: String, isDirectory: Bool) -> String {
        guard let status = FileStatus(following: path), status.owner != Users.current else { return "" }
        let user = Users.name(Users.current)
        return
            "; \(isDirectory ? path : "it") belongs to \(Users.name(status.owner)) (\(status.octalMode)), and this is "
            + "\(user): chown \(isDirectory ? "-R " : "")\(user) \(FilePaths.shellWord(path))"
    }

    /// The kind in words, with an article.
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

    /// The permission bits as `ls` and `chmod` have them in numbers, such as 0750.
    package var octalMode: String {
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(4 - digits.count, 0)) + digits
    }
}

extension FileError {
    /// Something that has to be this user's and is another's: whose it is, and the line that changes that.
    ///
    /// `directory`: what to hand over; nil for the directory that `path` is in. Root hands it to its owner.
    package init(foreign path: String, _ status: FileStatus, handing directory: String? = nil) {
        let user = Users.name(Users.current)
        let directory = directory ?? FilePaths.directory(of: path)
        let owner = Users.current == 0 ? FileStatus(following: directory).map { Users.name($0.owner) } : nil
        self.init(
            .cannotCreate, path: path,
            saying:
                "cannot write in \(path): it belongs to \(Users.name(status.owner)) (\(status.octalMode)), and this is "
                + "\(user). Was the program run as another user once? chown -R \(owner ?? user) "
                + FilePaths.shellWord(directory))
    }
}

/// Users of this machine.
package enum Users {
    /// The user whose rights this process has.
    package static var current: UInt32 { geteuid() }

    /// The name of a user, or its number where it has none.
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
