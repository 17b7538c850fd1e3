import SystemPackage

/// Standard output and standard error, with every write checked: `print` to a full disk says nothing.
package enum StandardStream {
    case output, error

    package func write(_ text: String) throws {
        let descriptor: FileDescriptor = self == .output ? .standardOutput : .standardError
        let name = self == .output ? "standard output" : "standard error"
        try FileError.naming(.failed, "cannot write", path: name) { _ = try descriptor.writeAll(Array(text.utf8)) }
    }
}
