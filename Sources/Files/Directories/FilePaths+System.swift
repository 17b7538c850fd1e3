import SystemPackage

extension FilePaths {
    /// The directory that a path is in; empty for a name alone and for the root.
    static func parent(of path: String) -> String { FilePath(path).removingLastComponent().string }
}

extension String {
    /// The path for a call of the system: its bytes and a NUL.
    var system: [CChar] { FilePaths.bytes(self).map { CChar(bitPattern: $0) } + [0] }
}

extension FilePath {
    init(bytesOf path: String) { self.init(platformString: path.system) }
}
