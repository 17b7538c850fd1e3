import Glibc
import SystemPackage

/// Standard output and standard error, with every write checked: `print` to a full disk says nothing.
package enum StandardStream {
    case output, error

    /// Opens the standard streams that are closed, so that no file of the run takes their place and gets their text.
    ///
    /// Nothing can be written to a standard output that was closed: a summary that was asked for is not lost silently.
    package static func reserve() {
        for (number, mode) in [(STDIN_FILENO, O_RDONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY)]
        where fcntl(number, F_GETFD) == -1 {
            _ = unsafe open("/dev/null", mode)  // takes the lowest free number, which is this one
        }
    }

    package var isTerminal: Bool { isatty(descriptor.rawValue) == 1 }

    private var descriptor: FileDescriptor { self == .output ? .standardOutput : .standardError }

    package func write(_ text: String) throws { try write(Array(text.utf8)) }

    package func write(_ bytes: [UInt8]) throws {
        let name = self == .output ? "standard output" : "standard error"
        try FileError.naming(.failed, "cannot write", path: name) { _ = try descriptor.writeAll(bytes) }
    }
}
