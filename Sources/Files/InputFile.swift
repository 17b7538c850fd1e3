import Formats
import Glibc
import SystemPackage

/// A file or standard input, opened for reading.
package final class InputFile: ByteInput, Sendable {
    package let path: String
    private let descriptor: FileDescriptor
    private let isOwned: Bool

    /// Opens a regular file, following links. A directory, FIFO, socket or device is an error; opening never blocks.
    package init(opening path: String) throws {
        self.path = path
        do {
            descriptor = try FileDescriptor.open(
                FilePath(bytesOf: path), .readOnly, options: [.closeOnExec, .nonBlocking])
        } catch let code as Errno {
            var error = FileError(.unreadable, "cannot read", path: path, code: code)
            if code == .permissionDenied { error.description += FileStatus.ownerHint(path, isDirectory: false) }
            throw error
        }
        isOwned = true
        switch try identity().kind {
        case S_IFREG: break
        case S_IFDIR: throw FileError(.unreadable, "cannot read", path: path + ": is a directory")
        default: throw FileError(.unreadable, "cannot read", path: path + ": is not a regular file")
        }
    }

    private init(standardInput descriptor: FileDescriptor) {
        path = "standard input"
        self.descriptor = descriptor
        isOwned = false
    }

    package static var standardInput: InputFile { InputFile(standardInput: .standardInput) }

    deinit { if isOwned { try? descriptor.close() } }

    package func read(into buffer: inout [UInt8]) throws -> Int {
        try FileError.mappingErrno(.failed, "cannot read", path: path) {
            while true {
                do {
                    return try unsafe buffer.withUnsafeMutableBytes { unsafe try descriptor.read(into: $0) }
                } catch Errno.resourceTemporarilyUnavailable {
                    // Standard input is a pipe that another process made non-blocking.
                    var wanted = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
                    unsafe _ = poll(&wanted, 1, -1)
                }
            }
        }
    }

    /// Reads the rest of the file.
    ///
    /// - Parameter limit: the maximum number of bytes.
    /// - Returns: the rest.
    /// - Throws: `FileError.unreadable` if it is longer than `limit`.
    package func readAll(limit: Int) throws -> [UInt8] {
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let length = try read(into: &buffer)
            if length == 0 { return content }
            content += buffer[..<length]
            guard content.count <= limit else {
                throw FileError(
                    .unreadable, path: path,
                    description: "cannot read \(path): it is longer than \(limit.grouped) bytes")
            }
        }
    }

    /// Reads at an offset without moving the position of `read(into:)`.
    package func read(at offset: Int, into buffer: inout [UInt8]) throws -> Int {
        try FileError.mappingErrno(.failed, "cannot read", path: path) {
            try unsafe buffer.withUnsafeMutableBytes {
                unsafe try descriptor.read(fromAbsoluteOffset: Int64(offset), into: $0)
            }
        }
    }

    /// Whether a path names a pipe, such as a FIFO or a shell's process substitution.
    package static func isPipe(_ path: String) -> Bool {
        var info = stat()
        return unsafe stat(path.system, &info) == 0 && UInt32(info.st_mode) & UInt32(S_IFMT) == UInt32(S_IFIFO)
    }

    /// Identifies a file and its state; it changes when the file is replaced or written to.
    package struct Identity: Equatable, CustomStringConvertible {
        package var device: UInt
        package var inode: UInt
        package var size: Int
        package var modified: Int
        package var modifiedNanoseconds: Int
        /// `S_IFMT` bits.
        package var kind: UInt32
        /// Permission bits.
        package var mode: UInt32

        package var description: String { "\(device).\(inode) \(size) \(modified).\(modifiedNanoseconds)" }
    }

    package func identity() throws -> Identity {
        var info = stat()
        guard unsafe fstat(descriptor.rawValue, &info) == 0 else {
            throw FileError(.unreadable, "cannot read", path: path, code: Errno(rawValue: errno))
        }
        return Identity(
            device: UInt(info.st_dev),
            inode: UInt(info.st_ino),
            size: Int(info.st_size),
            modified: Int(info.st_mtim.tv_sec),
            modifiedNanoseconds: Int(info.st_mtim.tv_nsec),
            kind: UInt32(info.st_mode) & UInt32(S_IFMT),
            mode: UInt32(info.st_mode) & 0o7777
        )
    }
}
