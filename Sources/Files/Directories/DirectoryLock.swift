import Glibc
import SystemPackage

/// Allows one run at a time in an output directory: `flock` on a file that is never removed.
///
/// The kernel releases the lock when the holder ends, however it ends; a file with a process id in it would outlive a
/// crash. The text in the file is for people only.
package final class DirectoryLock: Sendable {
    private let descriptor: FileDescriptor

    /// Acquires the lock. Never writes into a file that may belong to another program or user.
    ///
    /// - Parameters:
    ///   - path: the lock file, created if it does not exist.
    ///   - holder: a line that other processes report while the lock is held: process and time.
    ///   - isOwn: decides by its status whether an existing file belongs to this program.
    /// - Throws: `LockHeld` at once if another process holds the lock; `FileError.cannotCreate` if the file belongs to
    ///   another program or user.
    package init(path: String, holder: String, isOwn: (FileStatus) -> Bool = { _ in true }) throws {
        while true {
            let descriptor = try Self.locked(path, isOwn)
            // The file may have been removed in between: then its name is free, or names another file.
            if try Self.isNamed(descriptor, path) {
                self.descriptor = descriptor
                break
            }
            try? descriptor.close()
        }
        _ = ftruncate(descriptor.rawValue, 0)
        _ = try? descriptor.writeAll(toAbsoluteOffset: 0, Array((holder + "\n").utf8))
    }

    /// Set whatever the umask is, also on an existing file.
    private static let mode: UInt32 = 0o600

    private static func locked(_ path: String, _ isOwn: (FileStatus) -> Bool) throws -> FileDescriptor {
        if let status = FileStatus(at: path) {
            try require(status, at: path, isOwn)
            if status.mode != mode { unsafe _ = chmod(path.system, mode_t(mode)) }
        }
        let descriptor = try FileError.mappingErrno(.cannotCreate, "cannot create", path: path) {
            try FileDescriptor.open(
                FilePath(bytesOf: path),
                .readWrite,
                options: [.create, .noFollow, .nonBlocking, .closeOnExec],
                permissions: .ownerReadWrite
            )
        }
        _ = fchmod(descriptor.rawValue, mode_t(mode))
        NewFile.inheritParentOwner(descriptor, at: path)
        do {
            if let status = FileStatus(of: descriptor.rawValue) { try require(status, at: path, isOwn) }
        } catch {
            try? descriptor.close()
            throw error
        }
        guard flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 else {
            let code = Errno(rawValue: errno)
            let line = code == .wouldBlock ? holder(in: descriptor) : ""
            try? descriptor.close()
            guard code == .wouldBlock else { throw FileError(.cannotCreate, "cannot lock", path: path, code: code) }
            throw LockHeld(path: path, holder: line)
        }
        return descriptor
    }

    /// Checks that the file can be overwritten. One with a second hard link or another owner may be another program's.
    private static func require(_ status: FileStatus, at path: String, _ isOwn: (FileStatus) -> Bool) throws {
        guard status.kind == .regular, status.linkCount < 2 else {
            let what = status.kind == .regular ? "a file with a second name" : status.noun
            throw FileError(
                .cannotCreate, path: path,
                description: "cannot lock \(path): it is \(what), not the lock file of this program. Remove it")
        }
        guard isOwn(status) else { throw FileError(foreign: path, status) }
    }

    /// Whether `path` is still the name of the open file.
    private static func isNamed(_ descriptor: FileDescriptor, _ path: String) throws -> Bool {
        var (open, named) = (stat(), stat())
        return unsafe fstat(descriptor.rawValue, &open) == 0 && lstat(path.system, &named) == 0
            && open.st_dev == named.st_dev && open.st_ino == named.st_ino
    }

    deinit {
        // The next holder's competitors must not be given the name of this one.
        _ = ftruncate(descriptor.rawValue, 0)
        try? descriptor.close()
    }

    /// The line that the holder wrote. Waits up to 100 ms for it, since the holder may just have acquired the lock.
    private static func holder(in descriptor: FileDescriptor) -> String {
        for _ in 0..<20 {
            let line = firstLine(of: descriptor)
            if !line.isEmpty { return line }
            _ = poll(nil, 0, 5)
        }
        return ""
    }

    private static func firstLine(of descriptor: FileDescriptor) -> String {
        var buffer = [UInt8](repeating: 0, count: 200)
        let length = try? unsafe buffer.withUnsafeMutableBytes {
            unsafe try descriptor.read(fromAbsoluteOffset: 0, into: $0)
        }
        let line = buffer.prefix(length ?? 0).prefix { $0 >= 0x20 && $0 < 0x7f }
        return String(decoding: line, as: UTF8.self)
    }
}

/// Another run holds the lock of the output directory.
package struct LockHeld: Error, Sendable, CustomStringConvertible {
    package var path: String
    /// The line that the holder wrote; empty if there is none.
    package var holder: String

    package var description: String {
        "the output directory is in use by another run: \(path) is locked" + (holder.isEmpty ? "" : " by \(holder)")
    }
}
