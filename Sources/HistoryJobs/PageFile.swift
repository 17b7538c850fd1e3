import Files
import Glibc
import Model
import Snapshots

/// Where a document goes that a command makes, such as the page.
///
/// A file is replaced whole. What the user named and is no file is written to as it is, as a shell would. A name that this
/// program uses itself is refused, and so is whatever else stands at a name that the user did not give.
package struct PageFile: Sendable {
    package let path: String
    private let kind: Kind

    private enum Kind {
        case file(String)
        /// A pipe or a terminal, say.
        case stream
    }

    /// - Parameters:
    ///   - path: of the document.
    ///   - isNamed: whether the user gave it.
    /// - Throws: `ReservedName` for a name of this program's; `FileError.cannotCreate` for what cannot be written to.
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

    /// - Throws: `FileError`.
    package func write(_ content: [UInt8]) throws {
        switch kind {
        case .file(let file): try FileSystem.replaceFile(file, content: content)
        case .stream: try FileSystem.write(content, toStream: path)
        }
    }

    /// Whether a file is a page that this program made, of any version, or holds nothing.
    private static func isPage(_ path: String) -> Bool {
        guard let content = try? FileSystem.contents(of: path, limit: 1 << 28) else { return false }
        return content.isEmpty
            || content.starts(with: "<!doctype html>".utf8) && String(decoding: content, as: UTF8.self).contains(mark)
    }

    /// At the foot of every page.
    private static let mark = "Made by viber-rollcall "

    /// Whether a file has the name of something that runs keep or publish, or stands in a directory of theirs.
    private static func isReserved(_ path: String) -> Bool {
        let name = FilePaths.name(of: path)
        if OutputDirectory.reservedNames.contains(name.lowercased()) { return true }
        let parent = FilePaths.directory(of: path)
        let names = (FileSystem.resolved(parent) ?? FilePaths.absolute(parent)).split(separator: "/").map(String.init)
        return (names + [name]).contains { $0 == ".work" || RunID(directoryName: $0) != nil }
    }
}

/// A document may not take the place of what the program needs itself.
package struct ReservedName: Error, CustomStringConvertible {
    package let path: String

    package var description: String {
        "--output \(path) is a name of this program's own files, and is not written over: give another one"
    }
}
