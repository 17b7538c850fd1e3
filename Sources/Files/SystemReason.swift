import SystemPackage

/// The system's reason for an error, in words.
extension FileError {
    init(_ kind: Kind, _ what: String, path: String, code: Errno) {
        self.init(kind, what, path: path)
        description += ": \(Self.reason(code))"
    }

    private static func reason(_ code: Errno) -> String {
        let text = code.description
        return text.prefix(1).lowercased() + text.dropFirst()
    }

    /// Runs a system call wrapper and gives its error a path and a meaning.
    static func naming<Result>(
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
