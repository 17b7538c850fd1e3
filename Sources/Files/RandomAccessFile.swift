import Glibc
import SystemPackage

/// A file of a fixed size, read and written in place. A new file reads as zeros.
package final class RandomAccessFile: Sendable {
    package let path: String
    package let size: Int
    private let descriptor: FileDescriptor

    /// Creates the file with mode 0640, whatever the umask is; an existing file or link is an error.
    ///
    /// Allocates its disk space at once, so that a full disk is reported here and not in the middle of a run.
    package convenience init(creating path: String, size: Int) throws {
        let descriptor = try NewFile.create(path)
        self.init(descriptor, path: path, size: size)
        let code = size == 0 ? 0 : posix_fallocate(descriptor.rawValue, 0, size)
        guard code == 0 else {
            throw FileError(.cannotCreate, "cannot create", path: path, code: Errno(rawValue: code))
        }
    }

    /// Opens a file of an earlier process and sets its size: a shorter file is filled with zeros, a longer one is cut.
    package convenience init(opening path: String, size: Int) throws {
        let descriptor = try FileError.mappingErrno(.unreadable, "cannot open", path: path) {
            try FileDescriptor.open(FilePath(bytesOf: path), .readWrite, options: [.noFollow, .closeOnExec])
        }
        self.init(descriptor, path: path, size: size)
        guard ftruncate(descriptor.rawValue, size) == 0 else {
            throw FileError(.failed, "cannot write", path: path, code: Errno(rawValue: errno))
        }
    }

    private init(_ descriptor: FileDescriptor, path: String, size: Int) {
        self.descriptor = descriptor
        self.path = path
        self.size = size
    }

    deinit { try? descriptor.close() }

    /// Syncs everything to the disk.
    package func sync() throws {
        guard fdatasync(descriptor.rawValue) == 0 else {
            throw FileError(.failed, "cannot write", path: path, code: Errno(rawValue: errno))
        }
    }

    package func write(_ bytes: some Sequence<UInt8>, at offset: Int) throws {
        try FileError.mappingErrno(.failed, "cannot write", path: path) {
            _ = try descriptor.writeAll(toAbsoluteOffset: Int64(offset), bytes)
        }
    }

    /// Fills `buffer` with the bytes from `offset` on.
    ///
    /// - Parameters:
    ///   - offset: the byte offset to read at.
    ///   - buffer: filled from its start.
    /// - Returns: the number of bytes read; fewer than `buffer` holds at the end of the file.
    /// - Throws: `FileError`.
    package func read(at offset: Int, into buffer: inout [UInt8]) throws -> Int {
        var filled = 0
        while filled < buffer.count {
            let length = try FileError.mappingErrno(.failed, "cannot read", path: path) {
                try unsafe buffer.withUnsafeMutableBytes { all in
                    unsafe try descriptor.read(
                        fromAbsoluteOffset: Int64(offset + filled),
                        into: UnsafeMutableRawBufferPointer(rebasing: all[filled...])
                    )
                }
            }
            if length == 0 { break }
            filled += length
        }
        return filled
    }
}
