import Glibc
import SystemPackage

/// A file of a known size, read and written in place; new, it reads as zeros and takes no room.
package final class WorkFile: Sendable {
    package let path: String
    package let size: Int
    private let descriptor: FileDescriptor

    /// Creates the file, mode 0640 whatever the umask says; one that is there already, a link too, is an error.
    package init(creating path: String, size: Int) throws {
        self.path = path
        self.size = size
        descriptor = try FileError.naming(.cannotCreate, "cannot create", path: path) {
            try FileDescriptor.open(
                FilePath(path),
                .readWrite,
                options: [.create, .exclusiveCreate, .noFollow, .closeOnExec],
                permissions: OutputFile.permissions
            )
        }
        _ = fchmod(descriptor.rawValue, OutputFile.permissions.rawValue)
        guard ftruncate(descriptor.rawValue, size) == 0 else {
            throw FileError(.failed, "cannot write", path: path, code: Errno(rawValue: errno))
        }
    }

    deinit { try? descriptor.close() }

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
