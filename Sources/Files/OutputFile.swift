import Glibc
import SystemPackage

/// A new file, written once from start to end. Every result is checked, including those of `fsync` and `close`.
///
/// Foundation's `FileHandle.write` ends the process on a full disk, and `print` ignores errors.
package final class OutputFile {
    package let path: String
    private var descriptor: FileDescriptor?
    private var pending: [UInt8] = []
    /// Bytes passed to the kernel.
    private var flushed = 0
    /// Bytes written so far, including those not yet flushed.
    package private(set) var count = 0

    private static let bufferSize = 1 << 16

    /// Creates the file with mode 0640, whatever the umask is; an existing file or link is an error.
    package init(creating path: String) throws {
        self.path = path
        descriptor = try NewFile.create(path)
        pending.reserveCapacity(Self.bufferSize)
    }

    deinit { try? descriptor?.close() }

    /// Copies the mode and the group of the file that this one will replace; as root, its owner too, unless root's
    /// files get the owner of the directory.
    func copyAttributes(of earlier: FileStatus) {
        guard let number = descriptor?.rawValue, let own = FileStatus(of: number) else { return }
        let owner = own.owner == 0 ? earlier.owner : own.owner
        if owner == earlier.owner, (owner, earlier.group) != (own.owner, own.group) {
            _ = fchown(number, owner, earlier.group)
        }
        _ = fchmod(number, mode_t(earlier.mode & 0o777))
    }

    package func write(_ bytes: [UInt8]) throws { try append { $0.append(contentsOf: bytes) } }

    /// Writes the bytes that `body` appends.
    ///
    /// Not generic over a sequence: other modules would call the unspecialised function, for every id.
    package func append(_ body: (inout [UInt8]) -> Void) throws {
        let before = pending.count
        body(&pending)
        count += pending.count - before
        if pending.count >= Self.bufferSize { try flush() }
    }

    /// Overwrites the bytes at `offset` with `bytes`.
    package func overwrite(_ bytes: [UInt8], at offset: Int) throws {
        try flush()
        let descriptor = try open()
        try FileError.mappingErrno(.failed, "cannot write", path: path) {
            _ = try unsafe bytes.withUnsafeBytes { buffer in
                try unsafe descriptor.writeAll(toAbsoluteOffset: Int64(offset), UnsafeRawBufferPointer(buffer))
            }
        }
    }

    /// Passes all buffered bytes to the kernel.
    package func flush() throws {
        guard !pending.isEmpty else { return }
        let descriptor = try open()
        try FileError.mappingErrno(.failed, "cannot write", path: path) {
            _ = try unsafe pending.withUnsafeBytes { buffer in
                try unsafe descriptor.writeAll(toAbsoluteOffset: Int64(flushed), UnsafeRawBufferPointer(buffer))
            }
        }
        flushed += pending.count
        pending.removeAll(keepingCapacity: true)
    }

    /// Reads written bytes back.
    ///
    /// - Parameters:
    ///   - offset: the byte offset to read at.
    ///   - buffer: filled from its start.
    /// - Returns: the number of bytes read; fewer than `buffer` holds at the end of the file.
    /// - Throws: `FileError`.
    package func read(at offset: Int, into buffer: inout [UInt8]) throws -> Int {
        try flush()
        let descriptor = try open()
        return try FileError.mappingErrno(.failed, "cannot read", path: path) {
            try unsafe buffer.withUnsafeMutableBytes {
                unsafe try descriptor.read(fromAbsoluteOffset: Int64(offset), into: $0)
            }
        }
    }

    /// Syncs everything to the disk and closes the file.
    package func finish() throws {
        try flush()
        let descriptor = try open()
        self.descriptor = nil
        let synced = fsync(descriptor.rawValue)
        let code = Errno(rawValue: errno)
        try FileError.mappingErrno(.failed, "cannot write", path: path) { try descriptor.close() }
        if synced != 0 { throw FileError(.failed, "cannot write", path: path, code: code) }
    }

    private func open() throws -> FileDescriptor {
        guard let descriptor else { throw FileError(.failed, "already closed:", path: path) }
        return descriptor
    }
}
