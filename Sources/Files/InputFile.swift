import Formats
import Glibc
import SystemPackage

/// A file or standard input, opened for reading.
package final class InputFile: ByteInput, Sendable {
    package let path: String
    private let descriptor: FileDescriptor
    private let isOwned: Bool

    /// Opens a regular file, following links. A directory, FIFO, socket or device is refused and never waited for.
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
        try FileError.naming(.failed, "cannot read", path: path) {
            while true {
                do {
                    return try unsafe buffer.withUnsafeMutableBytes { unsafe try descriptor.read(into: $0) }
                } catch Errno.resourceTemporarilyUnavailable {
                    // Somebody made the pipe that we were given non-blocking.
                    var wanted = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
                    unsafe _ = poll(&wanted, 1, -1)
                }
            }
        }
    }

    /// All that is left to read.
    ///
    /// Throws `FileError.unreadable` if that is more than `limit` bytes.
    package func readAll(limit: Int) throws -> [UInt8] {
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let length = try read(into: &buffer)
            if length == 0 { return content }
            content += buffer[..<length]
            guard content.count <= limit else {
                throw FileError(
                    .unreadable, path: path, saying: "cannot read \(path): it is longer than \(limit.grouped) bytes")
            }
        }
    }

    /// Reads at a place of the file without moving the others' place.
    package func read(at offset: Int, into buffer: inout [UInt8]) throws -> Int {
        try FileError.naming(.failed, "cannot read", path: path) {
            try unsafe buffer.withUnsafeMutableBytes {
                unsafe try descriptor.read(fromAbsoluteOffset: Int64(offset), into: $0)
            }
        }
    }

    /// Whether a path names a pipe, such as a FIFO or a process substitution of a shell.
    package static func isPipe(_ path: String) -> Bool {
        var facts = stat()
        return unsafe stat(path.system, &facts) == 0 && UInt32(facts.st_mode) & UInt32(S_IFMT) == UInt32(S_IFIFO)
    }

    /// What tells one state of a file from another.
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
        var facts = stat()
        guard unsafe fstat(descriptor.rawValue, &facts) == 0 else {
            throw FileError(.unreadable, "cannot read", path: path, code: Errno(rawValue: errno))
        }
        return Identity(
            device: UInt(facts.st_dev),
            inode: UInt(facts.st_ino),
            size: Int(facts.st_size),
            modified: Int(facts.st_mtim.tv_sec),
            modifiedNanoseconds: Int(facts.st_mtim.tv_nsec),
            kind: UInt32(facts.st_mode) & UInt32(S_IFMT),
            mode: UInt32(facts.st_mode) & 0o7777
        )
    }
}
