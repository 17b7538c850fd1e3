import Glibc
import SystemPackage

/// The few things a run does to directories and names, each with its result checked.
package enum FileSystem {
    /// Makes the directory and its missing parents, mode 0750; one that is there already is left as it is.
    ///
    /// A directory made in one with a setgid bit keeps that bit and its group. As root, it is given to the owner of the
    /// directory that it is in.
    ///
    /// - Throws: `FileError.cannotCreate`, which names the owner of a directory in which this user may not write.
    package static func make(_ path: String) throws {
        let parent = FilePaths.parent(of: path)
        if !parent.isEmpty, parent != path, !isDirectory(parent) { try make(parent) }
        if unsafe mkdir(path.system, 0o750) == 0 {
            // Only where the umask took bits away: setting a mode can lose the setgid bit.
            if let made = FileStatus(at: path), made.mode & 0o777 != 0o750 {
                _ = unsafe chmod(path.system, mode_t(made.mode & 0o2000 | 0o750))
            }
            NewFile.follow(ownerOfParent: path)
            return
        }
        let code = Errno(rawValue: errno)
        guard code == .fileExists, isDirectory(path) else {
            var error = FileError(.cannotCreate, "cannot make directory", path: path, code: code)
            if code == .permissionDenied {
                error.description += FileStatus.ownerHint(FilePaths.directory(of: path), isDirectory: true)
            }
            throw error
        }
    }

    /// - Throws: `FileError.cannotCreate` if this user may not read a directory that is there, or make names in it.
    package static func requireWritable(_ path: String) throws {
        guard unsafe faccessat(AT_FDCWD, path.system, R_OK | W_OK | X_OK, AT_EACCESS) != 0 else { return }
        let code = Errno(rawValue: errno)
        var error = FileError(.cannotCreate, "cannot write in", path: path, code: code)
        if code == .permissionDenied { error.description += FileStatus.ownerHint(path, isDirectory: true) }
        throw error
    }

    /// What the system says of a file that this process makes in a directory, which is removed again; nil if it cannot.
    package static func probe(_ directory: String) -> FileStatus? {
        let path = directory + "/.probe-" + String(UInt64.random(in: .min ... .max), radix: 16)
        let options: FileDescriptor.OpenOptions = [.create, .exclusiveCreate, .noFollow, .closeOnExec]
        guard
            let descriptor = try? FileDescriptor.open(
                FilePath(bytesOf: path), .writeOnly, options: options, permissions: NewFile.permissions)
        else { return nil }
        let status = FileStatus(of: descriptor.rawValue)
        unsafe _ = unlink(path.system)
        try? descriptor.close()
        return status
    }

    /// Sets the permission bits of a directory, which has to be this user's.
    package static func setMode(_ path: String, _ mode: UInt32) throws {
        guard unsafe chmod(path.system, mode_t(mode)) == 0 else {
            throw FileError(.cannotCreate, "cannot set the mode of", path: path, code: Errno(rawValue: errno))
        }
    }

    /// Gives a directory the group and the setgid bit of the one it is in, if that has the bit; as root, its owner too. Where
    /// that is not allowed it stays as it is.
    package static func followParent(_ path: String) {
        guard let above = FileStatus(following: FilePaths.directory(of: path)), let own = FileStatus(at: path) else {
            return
        }
        if Users.current == 0, above.owner != own.owner { unsafe _ = lchown(path.system, above.owner, above.group) }
        guard above.keepsGroup, !own.keepsGroup || own.group != above.group,
            unsafe lchown(path.system, uid_t.max, above.group) == 0
        else { return }
        unsafe _ = chmod(path.system, mode_t(own.mode & 0o777 | 0o2000))
    }

    package static func isDirectory(_ path: String) -> Bool { FileStatus(following: path)?.kind == .directory }

    /// Whether anything has this name, a dangling link too.
    package static func exists(_ path: String) -> Bool { FileStatus(at: path) != nil }

    /// The names in a directory, sorted by their bytes.
    package static func list(_ path: String) throws -> [String] {
        guard let directory = unsafe opendir(path.system) else {
            throw FileError(.unreadable, "cannot read directory", path: path, code: Errno(rawValue: errno))
        }
        defer { unsafe _ = closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { name in
                    unsafe FilePaths.text(UnsafeRawBufferPointer(start: name, count: strlen(name)))
                }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Makes the names in a directory as durable as the files behind them.
    package static func sync(_ path: String) throws {
        let descriptor = try FileError.naming(.failed, "cannot open", path: path) {
            try FileDescriptor.open(FilePath(bytesOf: path), .readOnly, options: [.directory, .closeOnExec])
        }
        defer { try? descriptor.close() }
        guard fsync(descriptor.rawValue) == 0 else {
            let code = Errno(rawValue: errno)
            // Some network file systems have no fsync for directories; their names are as durable as they get.
            guard code != .invalidArgument, code != .notSupported else { return }
            throw FileError(.failed, "cannot write", path: path, code: code)
        }
    }

    /// Gives `path` a new name. A file of that name is replaced in one step; a directory that holds anything is not.
    package static func rename(_ path: String, to target: String) throws {
        guard unsafe Glibc.rename(path.system, target.system) == 0 else {
            throw FileError(.cannotCreate, "cannot create", path: target, code: Errno(rawValue: errno))
        }
    }

    /// Puts a directory where another may be, which stays at `aside`.
    /// `aside`: on the same file system; nothing is there unless nothing is at `target`.
    package static func put(_ path: String, inPlaceOf target: String, aside: String) throws {
        guard exists(target) else { return try rename(path, to: target) }
        try rename(target, to: aside)
        do {
            try rename(path, to: target)
        } catch {
            try? rename(aside, to: target)
            throw error
        }
    }

    /// Gives a file a second name, or copies it where the file system knows no links.
    package static func copy(_ path: String, to target: String) throws {
        guard unsafe link(path.system, target.system) != 0 else { return }
        let source = try InputFile(opening: path)
        let copy = try OutputFile(creating: target)
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let length = try source.read(into: &buffer), length > 0 { try copy.write(Array(buffer[..<length])) }
        try copy.finish()
    }

    /// Removes a file, or a directory with all that is in it; links are removed and never followed.
    ///
    /// Only for what this program made, as its callers know.
    package static func remove(_ path: String) throws {
        guard let status = FileStatus(at: path) else { return }
        guard status.kind == .directory else { return try removeFile(path) }
        for name in try list(path) { try remove(path + "/" + name) }
        try removeEmptyDirectory(path)
    }

    /// Removes a file or a link, not a directory.
    package static func removeFile(_ path: String) throws {
        guard unsafe unlink(path.system) == 0 else {
            throw FileError(.failed, "cannot remove", path: path, code: Errno(rawValue: errno))
        }
    }

    /// - Throws: `FileError` if anything is in it.
    package static func removeEmptyDirectory(_ path: String) throws {
        guard unsafe rmdir(path.system) == 0 else {
            throw FileError(.failed, "cannot remove", path: path, code: Errno(rawValue: errno))
        }
    }

    /// A small file's content.
    /// - Throws: `FileError.unreadable` if it is missing, no regular file, or longer than `limit`.
    package static func contents(of path: String, limit: Int = 1 << 24) throws -> [UInt8] {
        try InputFile(opening: path).readAll(limit: limit)
    }
}
