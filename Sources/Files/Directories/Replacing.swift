import Glibc
import SystemPackage

/// Files and links that are replaced whole, by one rename of a new one.
extension FileSystem {
    /// Writes a small file whole: under another name first, then put in place by one rename.
    ///
    /// A file that is replaced passes on its mode and its group; as root, it belongs to the owner of the directory that it
    /// is in, or, where that is root's, to the owner of the file it replaces.
    ///
    /// - Parameters:
    ///   - path: a name that is free or that of a regular file; anything else is left as it is.
    ///   - content: all of it.
    ///   - temporary: a name that only this process uses, on the same file system; what is there is removed. Nil for a random
    ///     name beside `path`, which is gone when this returns or throws.
    /// - Throws: `FileError.cannotCreate` if something else than a file has the name; `FileError` if it cannot be written.
    package static func replaceFile(_ path: String, content: [UInt8], through temporary: String? = nil) throws {
        let earlier = FileStatus(at: path)
        if let earlier, earlier.kind != .regular {
            throw FileError(
                .cannotCreate, path: path, saying: "cannot write \(path): it is \(earlier.noun), which is left as it is"
            )
        }
        if let temporary { try removeOwnFile(temporary) }
        let fresh = temporary ?? randomName(beside: path)
        let file: OutputFile
        do {
            file = try OutputFile(creating: fresh)
        } catch let error as FileError {
            // Nobody knows the random name.
            throw temporary == nil ? withoutDirectory(path) ?? error.renamed(from: fresh, to: path) : error
        }
        do {
            if let earlier { file.follow(earlier) }
            try file.write(content)
            try file.finish()
            try rename(fresh, to: path)
        } catch {
            unsafe _ = unlink(fresh.system)
            throw (error as? FileError)?.renamed(from: fresh, to: path) ?? error
        }
    }

    /// Points the link `path` at `target`, replacing an older link in one step.
    /// `temporary`: as for `replaceFile`.
    package static func replaceLink(_ path: String, target: String, through temporary: String) throws {
        if let earlier = FileStatus(at: path), earlier.kind != .link {
            throw FileError(
                .cannotCreate, path: path, saying: "cannot write \(path): it is \(earlier.noun), which is left as it is"
            )
        }
        try makeLink(temporary, target: target)
        do {
            try rename(temporary, to: path)
        } catch {
            unsafe _ = unlink(temporary.system)
            throw error
        }
    }

    /// Makes a link. What an interrupted replacement left there is removed.
    package static func makeLink(_ path: String, target: String) throws {
        try removeOwnFile(path)
        guard unsafe symlink(target.system, path.system) == 0 else {
            throw FileError(.cannotCreate, "cannot create", path: path, code: Errno(rawValue: errno))
        }
        NewFile.follow(ownerOfParent: path)
    }

    /// Writes to an existing pipe, terminal or other device. Fails at once if the pipe has no reader.
    package static func write(_ content: [UInt8], toStream path: String) throws {
        let descriptor = try FileError.naming(.cannotCreate, "cannot write", path: path) {
            try FileDescriptor.open(FilePath(bytesOf: path), .writeOnly, options: [.nonBlocking, .closeOnExec])
        }
        defer { try? descriptor.close() }
        _ = fcntl(descriptor.rawValue, F_SETFL, O_WRONLY)
        try FileError.naming(.failed, "cannot write", path: path) { _ = try descriptor.writeAll(content) }
    }

    /// Where a link leads, as it says itself; nil for anything else.
    package static func destination(of path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let length = unsafe readlink(path.system, &buffer, buffer.count)
        guard length >= 0 else { return nil }
        return FilePaths.text(buffer[..<length].map { UInt8(bitPattern: $0) })
    }

    /// The path without links, `.` and `..`; nil if it leads nowhere.
    package static func resolved(_ path: String) -> String? {
        guard let found = unsafe realpath(path.system, nil) else { return nil }
        defer { unsafe free(found) }
        return unsafe FilePaths.text(UnsafeRawBufferPointer(start: found, count: strlen(found)))
    }

    /// What an interrupted replacement left. A directory is never what it left.
    private static func removeOwnFile(_ path: String) throws {
        guard let status = FileStatus(at: path) else { return }
        guard status.kind == .regular || status.kind == .link else {
            throw FileError(
                .cannotCreate, path: path, saying: "cannot create \(path): \(status.noun) of another program is there")
        }
        try removeFile(path)
    }

    /// A name in the same directory that nobody else uses.
    private static func randomName(beside path: String) -> String {
        let parent = FilePaths.parent(of: path)
        let name = String(FilePaths.name(of: path).prefix(40))
        let chance = String(UInt64.random(in: .min ... .max), radix: 16)
        return (parent.isEmpty ? "" : parent == "/" ? "/" : parent + "/") + ".\(name).\(chance)"
    }

    private static func withoutDirectory(_ path: String) -> FileError? {
        let parent = FilePaths.parent(of: path)
        guard !parent.isEmpty, !isDirectory(parent) else { return nil }
        return FileError(.cannotCreate, path: path, saying: "cannot write \(path): there is no directory \(parent)")
    }
}

extension FileError {
    /// The same of the file that was to be written, for an error about its temporary form.
    fileprivate func renamed(from temporary: String, to path: String) -> FileError {
        guard self.path == temporary else { return self }
        var error = self
        error.path = path
        error.description = description.replacing(temporary, with: path)
        return error
    }
}
