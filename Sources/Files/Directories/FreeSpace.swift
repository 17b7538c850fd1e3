import Glibc
import SystemPackage

/// Checks free space on the disk.
package enum FreeSpace {
    /// Checks that the file system reports enough free space.
    ///
    /// - Parameters:
    ///   - bytes: the number of bytes needed.
    ///   - path: a directory on the file system.
    /// - Throws: `FileError.cannotCreate` if there is too little.
    package static func require(bytes: Int, at path: String) throws {
        var info = statvfs()
        guard unsafe statvfs(path.system, &info) == 0 else { return }
        let free = Int(clamping: info.f_bavail) * Int(clamping: info.f_frsize)
        guard free < bytes else { return }
        throw FileError(
            .cannotCreate,
            "not enough room on the disk (about \(bytes / 1_000 + 1) kB needed, \(free / 1_000) kB free) in",
            path: path)
    }
}

extension FileSystem {
    /// Whether the file system of a path is mounted read-only.
    package static func isOnReadOnlyFileSystem(_ path: String) -> Bool {
        var info = statvfs()
        return unsafe statvfs(path.system, &info) == 0 && info.f_flag & UInt(ST_RDONLY) != 0
    }
}
