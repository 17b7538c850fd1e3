import SystemPackage

extension FilePaths {
    /// The directory that a path is in; empty for a bare name and for the root.
    static func parent(of path: String) -> String { FilePath(path).removingLastComponent().string }

    /// The directory that a path is in; `.` for a bare name and for the root.
    package static func directory(of path: String) -> String {
        let parent = parent(of: path)
        return parent.isEmpty ? "." : parent
    }

    /// The last component of a path; empty for the root.
    package static func name(of path: String) -> String { FilePath(path).lastComponent?.string ?? "" }
}

extension String {
    /// The path as a C string for system calls: its bytes and a NUL.
    var system: [CChar] { FilePaths.bytes(self).map { CChar(bitPattern: $0) } + [0] }
}

extension FilePath {
    init(bytesOf path: String) { self.init(platformString: path.system) }
}
