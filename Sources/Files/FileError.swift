/// A failed file operation, with the path and the system's reason.
package struct FileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of operation; it determines the exit code.
    package enum Kind: Sendable {
        /// The input does not exist or cannot be read.
        case unreadable
        /// An output cannot be created.
        case cannotCreate
        /// Reading or writing failed after it had started.
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

    /// An error with a complete description, which names the path.
    package init(_ kind: Kind, path: String, description: String) {
        self.kind = kind
        self.path = path
        self.description = description
    }
}
