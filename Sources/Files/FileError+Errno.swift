import SystemPackage

/// Errors of system calls.
extension FileError {
    init(_ kind: Kind, _ what: String, path: String, code: Errno) {
        self.init(kind, what, path: path)
        description += ": \(Self.reason(code))"
    }

    private static func reason(_ code: Errno) -> String {
        let text = code.description
        return text.prefix(1).lowercased() + text.dropFirst()
    }

    /// Runs a wrapper of a system call and converts its `Errno` into a `FileError` with the path.
    static func mappingErrno<Result>(
        _ kind: Kind,
        _ what: String,
        path: String,
        _ body: () throws -> Result
    ) throws -> Result {
        do {
            return try body()
        } catch let code as Errno {
            throw FileError(kind, what, path: path, code: code)
        }
    }
}
