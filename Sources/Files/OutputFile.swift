import Glibc
import SystemPackage

/// A new file, written once from start to end with every result checked, `fsync` and `close` among them.
///
/// Foundation's `FileHandle.write` ends the process on a full disk, and `print` reports nothing.
package final class OutputFile {
    package let path: String
    private var descriptor: FileDescriptor?
    private var pending: [UInt8] = []
    /// Bytes that the kernel has.
    private var flushed = 0
    /// Bytes given so far.
    package private(set) var count = 0

    private static let bufferSize = 1 << 16

    /// Creates the file, mode 0640 whatever the umask says; one that is there already, a link too, is an error.
    package init(creating path: String) throws {
        self.path = path
        descriptor = try NewFile.create(path)
        pending.reserveCapacity(Self.bufferSize)
    }

    deinit { try? descriptor?.close() }

    /// Takes on the mode and the group of the file that this one is going to replace; as root, its owner too, unless root's
    /// files go to the owner of the directory.
    func follow(_ earlier: FileStatus) {
        guard let number = descriptor?.rawValue, let own = FileStatus(of: number) else { return }
        let owner = own.owner == 0 ? earlier.owner : own.owner
        if owner == earlier.owner, (owner, earlier.group) != (own.owner, own.group) {
            _ = fchown(number, owner, earlier.group)
        }
        _ = fchmod(number, mode_t(earlier.mode & 0o777))
    }

    package func write(_ bytes: [UInt8]) throws { try append { $0.append(contentsOf: bytes) } }

    /// Takes what `body` appends.
    ///
    /// Not a generic parameter: other modules would call it unspecialised, for every id.
    package func append(_ body: (inout [UInt8]) -> Void) throws {
        let before = pending.count
        body(&pending)
        count += pending.count - before
        if pending.count >= Self.bufferSize { try flush() }
    }

    /// Writes `bytes` over what stands at `offset`.
    package func overwrite(_ bytes: [UInt8], at offset: Int) throws {
        try flush()
        let descriptor = try open()
        try FileError.naming(.failed, "cannot write", path: path) {
            _ = try unsafe bytes.withUnsafeBytes { buffer in
                try unsafe descriptor.writeAll(toAbsoluteOffset: Int64(offset), UnsafeRawBufferPointer(buffer))
            }
        }
    }

    /// Hands everything to the kernel.
    package func flush() throws {
        guard !pending.isEmpty else { return }
        let descriptor = try open()
        try FileError.naming(.failed, "cannot write", path: path) {
            _ = try unsafe pending.withUnsafeBytes { buffer in
                try unsafe descriptor.writeAll(toAbsoluteOffset: Int64(flushed), UnsafeRawBufferPointer(buffer))
            }
        }
        flushed += pending.count
        pending.removeAll(keepingCapacity: true)
    }

    /// Reads back what was written, less at its end.
    /// - Returns: how many bytes came.
    package func read(at offset: Int, into buffer: inout [UInt8]) throws -> Int {
        try flush()
        let descriptor = try open()
        return try FileError.naming(.failed, "cannot read", path: path) {
            try unsafe buffer.withUnsafeMutableBytes {
                unsafe try descriptor.read(fromAbsoluteOffset: Int64(offset), into: $0)
            }
        }
    }

    /// Puts everything on the disk and closes the file.
    package func finish() throws {
        try flush()
        let descriptor = try open()
        self.descriptor = nil
        let synced = fsync(descriptor.rawValue)
        let code = Errno(rawValue: errno)
        try FileError.naming(.failed, "cannot write", path: path) { try descriptor.close() }
        if synced != 0 { throw FileError(.failed, "cannot write", path: path, code: code) }
    }

    private func open() throws -> FileDescriptor {
        guard let descriptor else { throw FileError(.failed, "already closed:", path: path) }
        return descriptor
    }
}
