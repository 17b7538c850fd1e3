import Glibc
import SystemPackage

/// One run at a time in an output directory: `flock` on a file that is never removed.
///
/// The kernel frees the lock when its holder ends, however it ends; a file with a process id in it would outlive a
/// crash. What the file says of the holder is for people only.
package final class DirectoryLock: Sendable {
    private let descriptor: FileDescriptor

    /// Takes the lock, and never writes into a file that may be somebody else's.
    ///
    /// - Parameters:
    ///   - path: of the lock's file, which is made if need be.
    ///   - holder: a line for whoever finds the lock taken: process and time.
    ///   - isOwn: whether a file that is there is this program's, as far as its status tells.
    /// - Throws: `LockHeld` at once if another process has the lock; `FileError.cannotCreate` if the file is not ours.
    package init(path: String, holder: String, isOwn: (FileStatus) -> Bool = { _ in true }) throws {
        while true {
            let descriptor = try Self.locked(path, isOwn)
            // Somebody may have removed the file in between: then its name is free, or another file has it.
            if try Self.isNamed(descriptor, path) {
                self.descriptor = descriptor
                break
            }
            try? descriptor.close()
        }
        _ = ftruncate(descriptor.rawValue, 0)
        _ = try? descriptor.writeAll(toAbsoluteOffset: 0, Array((holder + "\n").utf8))
    }

    /// Whatever the umask says, and whatever it was set to.
    private static let mode: UInt32 = 0o600

    private static func locked(_ path: String, _ isOwn: (FileStatus) -> Bool) throws -> FileDescriptor {
        if let status = FileStatus(at: path) {
            try require(status, at: path, isOwn)
            if status.mode != mode { unsafe _ = chmod(path.system, mode_t(mode)) }
        }
        let descriptor = try FileError.naming(.cannotCreate, "cannot create", path: path) {
            try FileDescriptor.open(
                FilePath(bytesOf: path),
                .readWrite,
                options: [.create, .noFollow, .nonBlocking, .closeOnExec],
                permissions: .ownerReadWrite
            )
        }
        _ = fchmod(descriptor.rawValue, mode_t(mode))
        NewFile.follow(ownerOfParent: descriptor, at: path)
        do {
            if let status = FileStatus(of: descriptor.rawValue) { try require(status, at: path, isOwn) }
        } catch {
            try? descriptor.close()
            throw error
        }
        guard flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 else {
            let code = Errno(rawValue: errno)
            let found = code == .wouldBlock ? holder(in: descriptor) : ""
            try? descriptor.close()
            guard code == .wouldBlock else { throw FileError(.cannotCreate, "cannot lock", path: path, code: code) }
            throw LockHeld(path: path, holder: found)
        }
        return descriptor
    }

    /// A lock's file is written to: a second name of it, or another owner, may mean that it is somebody's.
    private static func require(_ status: FileStatus, at path: String, _ isOwn: (FileStatus) -> Bool) throws {
        guard status.kind == .regular, status.names < 2 else {
            let what = status.kind == .regular ? "a file with a second name" : status.noun
            throw FileError(
                .cannotCreate, path: path,
                saying: "cannot lock \(path): it is \(what), and not this program's. Remove it")
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
        // Who comes next is not to be told of a holder that is gone.
        _ = ftruncate(descriptor.rawValue, 0)
        try? descriptor.close()
    }

    /// What the holder says of itself. One that has just taken the lock is given a moment to say it.
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

/// Another run has the output directory.
package struct LockHeld: Error, Sendable, CustomStringConvertible {
    package var path: String
    /// What the holder wrote of itself; empty if nothing.
    package var holder: String

    package var description: String {
        "another run has the output directory: \(path) is locked" + (holder.isEmpty ? "" : " by \(holder)")
    }
}
