import Glibc
import SystemPackage

/// Replaces files and links atomically: a new one is made under another name and renamed.
extension FileSystem {
    /// Writes a small file under a temporary name and renames it to `path`.
    ///
    /// The new file gets the mode and the group of the file it replaces. As root, its owner is the owner of the
    /// directory; if that is root, the owner of the file it replaces.
    ///
    /// - Parameters:
    ///   - path: an unused name or a regular file; anything else is left as it is.
    ///   - content: the whole content.
    ///   - temporary: a name that only this process uses, on the same file system; a file that is there is removed. Nil
    ///     for a random name beside `path`, which no longer exists when this returns or throws.
    /// - Throws: `FileError.cannotCreate` if `path` is not a regular file; `FileError` if it cannot be written.
    package static func replaceFile(_ path: String, content: [UInt8], through temporary: String? = nil) throws {
        let earlier = FileStatus(at: path)
        if let earlier, earlier.kind != .regular {
            throw FileError(
                .cannotCreate, path: path,
                description: "cannot write \(path): it is \(earlier.noun), which is left as it is")
        }
        if let temporary { try removeOwnFile(temporary) }
        let temporaryPath = temporary ?? randomName(beside: path)
        let file: OutputFile
        do {
            file = try OutputFile(creating: temporaryPath)
        } catch let error as FileError {
            // The random name would mean nothing to the user.
            throw temporary == nil ? missingDirectory(of: path) ?? error.renamed(from: temporaryPath, to: path) : error
        }
        do {
            if let earlier { file.copyAttributes(of: earlier) }
            try file.write(content)
            try file.finish()
            try rename(temporaryPath, to: path)
        } catch {
            unsafe _ = unlink(temporaryPath.system)
            throw (error as? FileError)?.renamed(from: temporaryPath, to: path) ?? error
        }
    }

    /// Points the link `path` at `target`, replacing an older link atomically.
    ///
    /// - Parameters:
    ///   - path: an unused name or a link; anything else is left as it is.
    ///   - target: the text of the link.
    ///   - temporary: a name that only this process uses, on the same file system; a file that is there is removed.
    /// - Throws: `FileError`.
    package static func replaceLink(_ path: String, target: String, through temporary: String) throws {
        if let earlier = FileStatus(at: path), earlier.kind != .link {
            throw FileError(
                .cannotCreate, path: path,
                description: "cannot write \(path): it is \(earlier.noun), which is left as it is")
        }
        try makeLink(temporary, target: target)
        do {
            try rename(temporary, to: path)
        } catch {
            unsafe _ = unlink(temporary.system)
            throw error
        }
    }

    /// Makes a link, after removing a file or link that an interrupted replacement left at `path`.
    package static func makeLink(_ path: String, target: String) throws {
        try removeOwnFile(path)
        guard unsafe symlink(target.system, path.system) == 0 else {
            throw FileError(.cannotCreate, "cannot create", path: path, code: Errno(rawValue: errno))
        }
        NewFile.inheritParentOwner(path)
    }

    /// Writes to an existing pipe, terminal or other device. Throws at once if the pipe has no reader.
    package static func write(_ content: [UInt8], toStream path: String) throws {
        let descriptor = try FileError.mappingErrno(.cannotCreate, "cannot write", path: path) {
            try FileDescriptor.open(FilePath(bytesOf: path), .writeOnly, options: [.nonBlocking, .closeOnExec])
        }
        defer { try? descriptor.close() }
        _ = fcntl(descriptor.rawValue, F_SETFL, O_WRONLY)
        try FileError.mappingErrno(.failed, "cannot write", path: path) { _ = try descriptor.writeAll(content) }
    }

    /// The text of a link; nil if `path` is not a link.
    package static func destination(of path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let length = unsafe readlink(path.system, &buffer, buffer.count)
        guard length >= 0 else { return nil }
        return FilePaths.text(buffer[..<length].map { UInt8(bitPattern: $0) })
    }

    /// The path with links, `.` and `..` resolved; nil if it does not exist.
    package static func resolved(_ path: String) -> String? {
        guard let resolved = unsafe realpath(path.system, nil) else { return nil }
        defer { unsafe free(resolved) }
        return unsafe FilePaths.text(UnsafeRawBufferPointer(start: resolved, count: strlen(resolved)))
    }

    /// Removes a file or link that an interrupted replacement left. Anything else belongs to another program.
    private static func removeOwnFile(_ path: String) throws {
        guard let status = FileStatus(at: path) else { return }
        guard status.kind == .regular || status.kind == .link else {
            throw FileError(
                .cannotCreate, path: path,
                description: "cannot create \(path): \(status.noun) of another program is there")
        }
        try removeFile(path)
    }

    /// A random name in the same directory.
    private static func randomName(beside path: String) -> String {
        let parent = FilePaths.parent(of: path)
        let name = String(FilePaths.name(of: path).prefix(40))
        let suffix = String(UInt64.random(in: .min ... .max), radix: 16)
        return (parent.isEmpty ? "" : parent == "/" ? "/" : parent + "/") + ".\(name).\(suffix)"
    }

    private static func missingDirectory(of path: String) -> FileError? {
        let parent = FilePaths.parent(of: path)
        guard !parent.isEmpty, !isDirectory(parent) else { return nil }
        return FileError(
            .cannotCreate, path: path, description: "cannot write \(path): there is no directory \(parent)")
    }
}

extension FileError {
    /// The error with the path of the final file in place of its temporary path.
    fileprivate func renamed(from temporary: String, to path: String) -> FileError {
        guard self.path == temporary else { return self }
        var error = self
        error.path = path
        error.description = description.replacing(temporary, with: path)
        return error
    }
}
