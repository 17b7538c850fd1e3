import Glibc
import SystemPackage

/// The few things a run does to directories and names, each with its result checked.
package enum Directories {
    /// Makes the directory and its missing parents, mode 0750; one that is there already is left as it is.
    package static func make(_ path: String) throws {
        let parent = FilePaths.parent(of: path)
        if !parent.isEmpty, parent != path, !isDirectory(parent) { try make(parent) }
        if unsafe mkdir(path.system, 0o750) == 0 {
            _ = unsafe chmod(path.system, 0o750)
            return
        }
        let code = Errno(rawValue: errno)
        guard code == .fileExists, isDirectory(path) else {
            throw FileError(.cannotCreate, "cannot make directory", path: path, code: code)
        }
    }

    package static func isDirectory(_ path: String) -> Bool {
        var facts = stat()
        return unsafe stat(path.system, &facts) == 0 && UInt32(facts.st_mode) & UInt32(S_IFMT) == UInt32(S_IFDIR)
    }

    /// Whether anything has this name, a dangling link too.
    package static func exists(_ path: String) -> Bool {
        var facts = stat()
        return unsafe lstat(path.system, &facts) == 0
    }

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

    /// Puts a directory where another may be, which is then removed.
    /// `aside`: where the other goes for that moment, on the same file system.
    package static func put(_ path: String, inPlaceOf target: String, aside: String) throws {
        try remove(aside)
        if exists(target) { try rename(target, to: aside) }
        do {
            try rename(path, to: target)
        } catch {
            try? rename(aside, to: target)
            throw error
        }
        try remove(aside)
    }

    /// Removes a directory that others may look at: in one step it is out of their sight.
    /// `aside`: where it goes for that moment, on the same file system.
    package static func remove(_ path: String, by aside: String) throws {
        guard exists(path) else { return }
        try remove(aside)
        try rename(path, to: aside)
        try remove(aside)
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

    /// Points the link `path` at `target`, replacing an older link in one step.
    package static func replaceLink(_ path: String, target: String) throws {
        let fresh = path + ".new"
        unsafe _ = unlink(fresh.system)
        guard unsafe symlink(target.system, fresh.system) == 0 else {
            throw FileError(.cannotCreate, "cannot create", path: path, code: Errno(rawValue: errno))
        }
        do {
            try rename(fresh, to: path)
        } catch {
            unsafe _ = unlink(fresh.system)
            throw error
        }
    }

    /// Removes a file, or a directory with all that is in it; links are removed and never followed.
    package static func remove(_ path: String) throws {
        var facts = stat()
        guard unsafe lstat(path.system, &facts) == 0 else { return }
        if UInt32(facts.st_mode) & UInt32(S_IFMT) == UInt32(S_IFDIR) {
            for name in try list(path) { try remove(path + "/" + name) }
            guard unsafe rmdir(path.system) == 0 else {
                throw FileError(.failed, "cannot remove", path: path, code: Errno(rawValue: errno))
            }
        } else if unsafe unlink(path.system) != 0 {
            throw FileError(.failed, "cannot remove", path: path, code: Errno(rawValue: errno))
        }
    }

    /// Writes a small file whole: under another name first, then put in place by one rename.
    package static func replaceFile(_ path: String, content: [UInt8]) throws {
        let fresh = path + ".new"
        try remove(fresh)
        let file = try OutputFile(creating: fresh)
        try file.write(content)
        try file.finish()
        try rename(fresh, to: path)
    }

    /// A small file's content.
    /// - Throws: `FileError.unreadable` if it is missing, no regular file, or longer than `limit`.
    package static func contents(of path: String, limit: Int = 1 << 24) throws -> [UInt8] {
        try InputFile(opening: path).readAll(limit: limit)
    }
}
