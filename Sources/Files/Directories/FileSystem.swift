import Glibc
import SystemPackage

/// Operations on directories and names. Each checks the result of its system calls.
package enum FileSystem {
    /// Makes the directory and its missing parents with mode 0750; an existing directory is left as it is.
    ///
    /// If the parent has the setgid bit, a new directory keeps the bit and the parent's group. As root, it gets the
    /// parent's owner.
    ///
    /// - Throws: `FileError.cannotCreate`. If this user may not write in the parent, it names the parent's owner.
    package static func make(_ path: String) throws {
        let parent = FilePaths.parent(of: path)
        if !parent.isEmpty, parent != path, !isDirectory(parent) { try make(parent) }
        if unsafe mkdir(path.system, 0o750) == 0 {
            // Only if the umask removed bits: setting a mode can clear the setgid bit.
            if let made = FileStatus(at: path), made.mode & 0o777 != 0o750 {
                _ = unsafe chmod(path.system, mode_t(made.mode & 0o2000 | 0o750))
            }
            NewFile.inheritParentOwner(path)
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

    /// - Throws: `FileError.cannotCreate` if this user may not read the directory, or may not create files in it.
    package static func requireWritable(_ path: String) throws {
        guard unsafe faccessat(AT_FDCWD, path.system, R_OK | W_OK | X_OK, AT_EACCESS) != 0 else { return }
        let code = Errno(rawValue: errno)
        var error = FileError(.cannotCreate, "cannot write in", path: path, code: code)
        if code == .permissionDenied { error.description += FileStatus.ownerHint(path, isDirectory: true) }
        throw error
    }

    /// The status that a new file gets in a directory: creates one and removes it again. Nil if that fails.
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

    /// Sets the permission bits of a directory that belongs to this user.
    package static func setMode(_ path: String, _ mode: UInt32) throws {
        guard unsafe chmod(path.system, mode_t(mode)) == 0 else {
            throw FileError(.cannotCreate, "cannot set the mode of", path: path, code: Errno(rawValue: errno))
        }
    }

    /// Gives a directory the group and the setgid bit of its parent, if the parent has the bit; as root, its owner too.
    /// Changes nothing where that is not permitted.
    package static func inheritFromParent(_ path: String) {
        guard let above = FileStatus(following: FilePaths.directory(of: path)), let own = FileStatus(at: path) else {
            return
        }
        if Users.current == 0, above.owner != own.owner { unsafe _ = lchown(path.system, above.owner, above.group) }
        guard above.hasSetgid, !own.hasSetgid || own.group != above.group,
            unsafe lchown(path.system, uid_t.max, above.group) == 0
        else { return }
        unsafe _ = chmod(path.system, mode_t(own.mode & 0o777 | 0o2000))
    }

    package static func isDirectory(_ path: String) -> Bool { FileStatus(following: path)?.kind == .directory }

    /// Whether the path exists; a dangling link counts.
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

    /// Makes the names in a directory durable (`fsync` of the directory).
    package static func sync(_ path: String) throws {
        let descriptor = try FileError.mappingErrno(.failed, "cannot open", path: path) {
            try FileDescriptor.open(FilePath(bytesOf: path), .readOnly, options: [.directory, .closeOnExec])
        }
        defer { try? descriptor.close() }
        guard fsync(descriptor.rawValue) == 0 else {
            let code = Errno(rawValue: errno)
            // Some network file systems do not support fsync on directories; nothing more can be done there.
            guard code != .invalidArgument, code != .notSupported else { return }
            throw FileError(.failed, "cannot write", path: path, code: code)
        }
    }

    /// Renames `path`. An existing file at `target` is replaced atomically; a directory that is not empty is an error.
    package static func rename(_ path: String, to target: String) throws {
        guard unsafe Glibc.rename(path.system, target.system) == 0 else {
            throw FileError(.cannotCreate, "cannot create", path: target, code: Errno(rawValue: errno))
        }
    }

    /// Moves a directory to `target`. A directory that is there is moved to `aside` first, and back if the move fails.
    ///
    /// - Parameters:
    ///   - target: the path that is replaced; it need not exist.
    ///   - path: the new directory.
    ///   - aside: a path on the same file system; it must not exist if `target` exists.
    /// - Throws: `FileError`.
    package static func replaceDirectory(_ target: String, with path: String, movingOldTo aside: String) throws {
        guard exists(target) else { return try rename(path, to: target) }
        try rename(target, to: aside)
        do {
            try rename(path, to: target)
        } catch {
            try? rename(aside, to: target)
            throw error
        }
    }

    /// Makes a hard link to a file, or copies the file if the file system has no hard links.
    package static func copy(_ path: String, to target: String) throws {
        guard unsafe link(path.system, target.system) != 0 else { return }
        let source = try InputFile(opening: path)
        let copy = try OutputFile(creating: target)
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let length = try source.read(into: &buffer), length > 0 { try copy.write(Array(buffer[..<length])) }
        try copy.finish()
    }

    /// Removes a file, or a directory with everything in it; links are removed and never followed.
    ///
    /// Callers must know that this program made all of it.
    package static func remove(_ path: String) throws {
        guard let status = FileStatus(at: path) else { return }
        guard status.kind == .directory else { return try removeFile(path) }
        for name in try list(path) { try remove(path + "/" + name) }
        try removeEmptyDirectory(path)
    }

    /// Removes a file or a link; a directory is an error.
    package static func removeFile(_ path: String) throws {
        guard unsafe unlink(path.system) == 0 else {
            throw FileError(.failed, "cannot remove", path: path, code: Errno(rawValue: errno))
        }
    }

    /// - Throws: `FileError` if the directory is not empty.
    package static func removeEmptyDirectory(_ path: String) throws {
        guard unsafe rmdir(path.system) == 0 else {
            throw FileError(.failed, "cannot remove", path: path, code: Errno(rawValue: errno))
        }
    }

    /// The content of a small file.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - limit: the maximum size in bytes.
    /// - Returns: the content.
    /// - Throws: `FileError.unreadable` if the file is missing, not a regular file, or longer than `limit`.
    package static func contents(of path: String, limit: Int = 1 << 24) throws -> [UInt8] {
        try InputFile(opening: path).readAll(limit: limit)
    }
}
