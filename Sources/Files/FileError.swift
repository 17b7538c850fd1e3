import SystemPackage

/// Something the disk refused, with the path and the system's reason.
package struct FileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was being done, which decides the exit code.
    package enum Kind: Sendable {
        /// The thing to read is not there, or may not be read.
        case unreadable
        /// An output could not be made.
        case cannotCreate
        /// Reading or writing failed half-way.
        case failed
    }

    package var kind: Kind
    package var path: String
    package var description: String

    package init(_ kind: Kind, _ what: String, path: String) {
        self.kind = kind
        self.path = path
        description = "\(what) \(path)"
    }

    init(_ kind: Kind, _ what: String, path: String, code: Errno) {
        self.init(kind, what, path: path)
        description += ": \(Self.reason(code))"
    }

    private static func reason(_ code: Errno) -> String {
        let text = code.description
        return text.prefix(1).lowercased() + text.dropFirst()
    }
}

extension FileError {
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
