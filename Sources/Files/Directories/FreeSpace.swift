import Glibc
import SystemPackage

/// Room on the disk.
package enum FreeSpace {
    /// Makes sure that there is room, as far as the file system tells.
    /// `path`: a directory on it.
    /// Throws `FileError.cannotCreate` if there is too little.
    package static func require(bytes: Int, at path: String) throws {
        var facts = statvfs()
        guard unsafe statvfs(path.system, &facts) == 0 else { return }
        let free = Int(clamping: facts.f_bavail) * Int(clamping: facts.f_frsize)
        guard free < bytes else { return }
        throw FileError(
            .cannotCreate,
            "not enough room on the disk (about \(bytes / 1_000 + 1) kB needed, \(free / 1_000) kB free) in",
            path: path)
    }
}

extension FileSystem {
    /// Whether the file system of a path takes no writes.
    package static func isOnReadOnlyFileSystem(_ path: String) -> Bool {
        var facts = statvfs()
        return unsafe statvfs(path.system, &facts) == 0 && facts.f_flag & UInt(ST_RDONLY) != 0
    }
}
