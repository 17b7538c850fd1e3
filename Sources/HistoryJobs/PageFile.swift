import Files
import Glibc
import Model
import Snapshots

/// The destination of a document that a command makes, such as the page.
///
/// A regular file is replaced as a whole. A pipe or device that the user named is written to, as a shell does. A name
/// that this program uses for its own files is refused. At a path that the user did not name, anything but a page of
/// this program is refused too.
package struct PageFile: Sendable {
    package let path: String
    private let kind: Kind

    private enum Kind {
        case file(String)
        /// Such as a pipe or a terminal.
        case stream
    }

    /// - Parameters:
    ///   - path: the path of the document.
    ///   - isNamed: whether the user named the path.
    /// - Throws: `ReservedName` for a name that this program uses; `FileError.cannotCreate` if the path cannot be
    ///   written.
    package init(_ path: String, isNamed: Bool) throws {
        self.path = path
        let status = FileStatus(at: path)
        switch (status?.kind, FileStatus(following: path)?.kind) {
        case (nil, _), (.regular, _): kind = .file(path)
        case (.link, .regular?) where isNamed: kind = .file(FileSystem.resolved(path) ?? path)
        case (.pipe, _) where isNamed, (.characterDevice, _) where isNamed: kind = .stream
        case (.link, .pipe?) where isNamed, (.link, .characterDevice?) where isNamed: kind = .stream
        default:
            let noun = status?.noun ?? "something else"
            throw FileError(
                .cannotCreate, path: path, description: "cannot write \(path): it is \(noun), which is left as it is")
        }
        if case .file(let file) = kind, Self.isReserved(file) { throw ReservedName(path: path) }
        guard !isNamed, status?.kind == .regular, !Self.isPage(path) else { return }
        throw FileError(
            .cannotCreate, path: path,
            description: "\(path) is not a page of this program, and is left as it is. Move it away, or give "
                + "--output FILE")
    }

    /// Replaces the file, or writes to the stream.
    ///
    /// - Parameter content: the bytes of the document.
    /// - Throws: `FileError`.
    package func write(_ content: [UInt8]) throws {
        switch kind {
        case .file(let file): try FileSystem.replaceFile(file, content: content)
        case .stream: try FileSystem.write(content, toStream: path)
        }
    }

    /// Whether a file is empty, or a page that any version of this program made.
    private static func isPage(_ path: String) -> Bool {
        guard let content = try? FileSystem.contents(of: path, limit: 1 << 28) else { return false }
        return content.isEmpty
            || content.starts(with: "<!doctype html>".utf8) && String(decoding: content, as: UTF8.self).contains(mark)
    }

    /// The text at the foot of every page.
    private static let mark = "Made by viber-rollcall "

    /// Whether a file has a name that runs use or publish, or is in one of their directories.
    private static func isReserved(_ path: String) -> Bool {
        let name = FilePaths.name(of: path)
        if OutputDirectory.reservedNames.contains(name.lowercased()) { return true }
        let parent = FilePaths.directory(of: path)
        let names = (FileSystem.resolved(parent) ?? FilePaths.absolute(parent)).split(separator: "/").map(String.init)
        return (names + [name]).contains { $0 == ".work" || RunID(directoryName: $0) != nil }
    }
}

/// A document may not overwrite a file that the program needs itself.
package struct ReservedName: Error, CustomStringConvertible {
    package let path: String

    package var description: String {
        "--output \(path) is a name that this program uses for its own files: give another one"
    }
}
