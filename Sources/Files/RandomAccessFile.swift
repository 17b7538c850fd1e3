import Glibc
import SystemPackage

/// A file of a known size, read and written in place; new, it reads as zeros.
package final class RandomAccessFile: Sendable {
    package let path: String
    package let size: Int
    private let descriptor: FileDescriptor

    /// Creates the file, mode 0640 whatever the umask says; one that is there already, a link too, is an error.
    ///
    /// Its room on the disk is taken at once, so that a full disk shows here and not half-way.
    package convenience init(creating path: String, size: Int) throws {
        let descriptor = try NewFile.create(path)
        self.init(descriptor, path: path, size: size)
        let code = size == 0 ? 0 : posix_fallocate(descriptor.rawValue, 0, size)
        guard code == 0 else {
            throw FileError(.cannotCreate, "cannot create", path: path, code: Errno(rawValue: code))
        }
    }

    /// Opens a file of an earlier process. What it lacks of `size` reads as zeros, and what it has more is cut off.
    package convenience init(opening path: String, size: Int) throws {
        let descriptor = try FileError.naming(.unreadable, "cannot open", path: path) {
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

    /// Puts everything on the disk.
    package func sync() throws {
        guard fdatasync(descriptor.rawValue) == 0 else {
            throw FileError(.failed, "cannot write", path: path, code: Errno(rawValue: errno))
        }
    }

    package func write(_ bytes: some Sequence<UInt8>, at offset: Int) throws {
        try FileError.naming(.failed, "cannot write", path: path) {
            _ = try descriptor.writeAll(toAbsoluteOffset: Int64(offset), bytes)
        }
    }

    /// Fills `buffer` from `offset`, less at the end of the file.
    /// - Returns: how many bytes came.
    package func read(at offset: Int, into buffer: inout [UInt8]) throws -> Int {
        var filled = 0
        while filled < buffer.count {
            let length = try FileError.naming(.failed, "cannot read", path: path) {
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
