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

    /// An error whose words name the path.
    package init(_ kind: Kind, path: String, saying description: String) {
        self.kind = kind
        self.path = path
        self.description = description
    }
}
