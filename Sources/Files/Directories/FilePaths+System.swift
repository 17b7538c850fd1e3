import SystemPackage

extension FilePaths {
    /// The directory that a path is in; empty for a name alone and for the root.
    static func parent(of path: String) -> String { FilePath(path).removingLastComponent().string }

    /// The same; `.` for a name alone.
    package static func directory(of path: String) -> String {
        let parent = parent(of: path)
        return parent.isEmpty ? "." : parent
    }

    /// The last name of a path; empty for the root.
    package static func name(of path: String) -> String { FilePath(path).lastComponent?.string ?? "" }
}

extension String {
    /// The path for a call of the system: its bytes and a NUL.
    var system: [CChar] { FilePaths.bytes(self).map { CChar(bitPattern: $0) } + [0] }
}

extension FilePath {
    init(bytesOf path: String) { self.init(platformString: path.system) }
}
