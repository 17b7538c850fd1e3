import Glibc
import SystemPackage

/// Standard output and standard error, with every write checked: `print` ignores a full disk.
package enum StandardStream {
    case output, error

    /// Opens `/dev/null` for closed standard streams, so that no file of the run gets their descriptor and their text.
    ///
    /// A closed standard output is opened for reading: writing the summary to it is an error, not a silent loss.
    package static func reserve() {
        for (number, mode) in [(STDIN_FILENO, O_RDONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY)]
        where fcntl(number, F_GETFD) == -1 {
            _ = unsafe open("/dev/null", mode)  // gets the lowest free descriptor, which is this one
        }
    }

    package var isTerminal: Bool { isatty(descriptor.rawValue) == 1 }

    private var descriptor: FileDescriptor { self == .output ? .standardOutput : .standardError }

    package func write(_ text: String) throws { try write(Array(text.utf8)) }

    package func write(_ bytes: [UInt8]) throws {
        let name = self == .output ? "standard output" : "standard error"
        try FileError.mappingErrno(.failed, "cannot write", path: name) { _ = try descriptor.writeAll(bytes) }
    }
}
