import Files
import Foundation
import Glibc
import TestSupport
import Testing

/// Files and links that are replaced atomically.
@Suite struct ReplacingTests {
    private func text(_ path: String) throws -> String { String(decoding: try bytes(of: path), as: UTF8.self) }

    @Test func `a file is replaced atomically`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/history.csv"
            try FileSystem.replaceFile(path, content: Array("first".utf8))
            let reader = try InputFile(opening: path)
            try FileSystem.replaceFile(path, content: Array("second".utf8))
            #expect(try text(path) == "second")
            #expect(try mode(of: path) == S_IFREG | 0o640)
            #expect(try FileSystem.list(directory) == ["history.csv"])
            // A reader that had the old file open still reads all of it.
            #expect(try everything(reader) == Array("first".utf8))
        }
    }

    /// The user may have given access to a web server, or removed it from all others.
    @Test(arguments: [0o644, 0o600, 0o664] as [mode_t]) func `the mode that the user set stays`(_ mode: mode_t)
        async throws
    {
        try await withTemporaryDirectory { directory in
            let path = directory + "/report.html"
            try FileSystem.replaceFile(path, content: [])
            try #require(chmod(path, mode) == 0)
            try FileSystem.replaceFile(path, content: Array("second".utf8))
            #expect(try FilesTests.mode(of: path) == S_IFREG | mode)
        }
    }

    /// Names that editors and other programs use for temporary files are not overwritten.
    @Test func `other files in the directory are left alone`() async throws {
        try await withTemporaryDirectory { directory in
            try FileSystem.make(directory + "/page.html.new/deep")
            try write("precious", to: directory + "/page.html.new/deep/file")
            for name in [".page.html", "page.html~", "page.html.tmp"] { try write(name, to: directory + "/" + name) }
            for _ in 0..<2 { try FileSystem.replaceFile(directory + "/page.html", content: [1]) }
            #expect(
                try FileSystem.list(directory) == [
                    ".page.html", "page.html", "page.html.new", "page.html.tmp", "page.html~",
                ])
            #expect(try text(directory + "/page.html.new/deep/file") == "precious")
        }
    }

    @Test func `the temporary name can be reused`() async throws {
        try await withTemporaryDirectory { directory in
            let temporary = directory + "/own"
            // What an interrupted replacement left.
            try write("half", to: temporary)
            try FileSystem.replaceFile(directory + "/file", content: [1], through: temporary)
            try FileManager.default.createSymbolicLink(atPath: temporary, withDestinationPath: directory + "/file")
            try FileSystem.replaceFile(directory + "/file", content: [2], through: temporary)
            #expect(try bytes(of: directory + "/file") == [2])
            #expect(try FileSystem.list(directory) == ["file"])
            // An interrupted replacement never leaves a directory.
            try FileSystem.make(temporary + "/deep")
            #expect(throws: FileError.self) {
                try FileSystem.replaceFile(directory + "/file", content: [3], through: temporary)
            }
            #expect(throws: FileError.self) {
                try FileSystem.replaceLink(directory + "/link", target: "file", through: temporary)
            }
            #expect(try bytes(of: directory + "/file") == [2])
            #expect(try FileSystem.list(temporary) == ["deep"])
        }
    }

    enum Other: String, CaseIterable {
        case directory, link, pipe, danglingLink

        func make(_ path: String) throws {
            switch self {
            case .directory: try FileSystem.make(path + "/deep")
            case .pipe: try #require(mkfifo(path, 0o600) == 0)
            case .link:
                try write("target", to: path + ".target")
                try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: path + ".target")
            case .danglingLink: try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "nowhere")
            }
        }
    }

    @Test(arguments: Other.allCases)
    func `a path that is not a regular file is not replaced`(_ other: Other) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/file"
            try other.make(path)
            let (before, names) = (FileStatus(at: path), try FileSystem.list(directory))
            let error = #expect(throws: FileError.self) { try FileSystem.replaceFile(path, content: [1]) }
            #expect(error?.kind == .cannotCreate)
            #expect(error?.description.contains("it is a") == true)
            #expect(FileStatus(at: path) == before)
            #expect(try FileSystem.list(directory) == names)
        }
    }

    @Test func `an error names the final path`() async throws {
        try await withTemporaryDirectory { directory in
            let missing = #expect(throws: FileError.self) {
                try FileSystem.replaceFile(directory + "/none/page.html", content: [1])
            }
            #expect(
                missing?.description
                    == "cannot write \(directory)/none/page.html: there is no directory \(directory)/none")
            let long = directory + "/" + String(repeating: "n", count: 300)
            let error = #expect(throws: FileError.self) { try FileSystem.replaceFile(long, content: [1]) }
            #expect(error?.path == long)
            let left = try FileSystem.list(directory)
            #expect(left.isEmpty)
        }
    }

    @Test func `a link is replaced atomically`() async throws {
        try await withTemporaryDirectory { directory in
            let (link, temporary) = (directory + "/latest", directory + "/new")
            for target in ["first", "second"] {
                try FileSystem.replaceLink(link, target: target, through: temporary)
                #expect(FileSystem.destination(of: link) == target)
            }
            // A link that an interrupted replacement left does not prevent the next one.
            try FileManager.default.createSymbolicLink(atPath: temporary, withDestinationPath: "half")
            try FileSystem.replaceLink(link, target: "third", through: temporary)
            #expect(FileSystem.destination(of: link) == "third")
            #expect(try FileSystem.list(directory) == ["latest"])
            try write("a file", to: directory + "/file")
            #expect(throws: FileError.self) {
                try FileSystem.replaceLink(directory + "/file", target: "x", through: temporary)
            }
            #expect(try text(directory + "/file") == "a file")
            #expect(FileSystem.destination(of: directory + "/file") == nil)
        }
    }
}

/// The owner and the group of files that root makes.
@Suite(.enabled(if: geteuid() == 0 || Machine.isCI, "not root")) struct OwnershipTests {
    private func owners(in directory: String, _ names: [String]) -> [[UInt32]] {
        names.map { name in FileStatus(at: directory + "/" + name).map { [$0.owner, $0.group] } ?? [] }
    }

    @Test func `files that root makes in another users directory belong to that user`() async throws {
        try await withTemporaryDirectory { directory in
            let home = directory + "/home"
            try FileSystem.make(home)
            try #require(chown(home, 65_534, 1_234) == 0)
            try FileSystem.make(home + "/a/b")
            try OutputFile(creating: home + "/a/b/file").finish()
            _ = try RandomAccessFile(creating: home + "/work", size: 10)
            _ = try DirectoryLock(path: home + "/.lock", holder: "")
            try FileSystem.replaceFile(home + "/replaced", content: [1])
            try FileSystem.replaceLink(home + "/link", target: "a", through: home + "/new")
            let all = ["a", "a/b", "a/b/file", "work", ".lock", "replaced", "link"]
            #expect(owners(in: home, all) == all.map { _ in [65_534, 1_234] })
            // A file of root that an earlier version left gets the right owner with the next replacement.
            try #require(chown(home + "/replaced", 0, 0) == 0)
            try FileSystem.replaceFile(home + "/replaced", content: [2])
            #expect(owners(in: home, ["replaced"]) == [[65_534, 1_234]])
            // In root's own directory a file keeps its owner.
            try write("", to: directory + "/page")
            try #require(chown(directory + "/page", 1_234, 1_235) == 0)
            try FileSystem.replaceFile(directory + "/page", content: [2])
            #expect(owners(in: directory, ["page"]) == [[1_234, 1_235]])
        }
    }

    @Test(arguments: [0, 0o022, 0o077] as [mode_t]) func `new files get the group of a setgid directory`(_ mask: mode_t)
        async throws
    {
        try await withTemporaryDirectory { directory in
            let home = directory + "/home"
            try FileSystem.make(home)
            try #require(chown(home, 0, 1_234) == 0 && chmod(home, 0o2750) == 0)
            try await withUmask(mask) {
                try FileSystem.make(home + "/a/b")
                try OutputFile(creating: home + "/a/b/file").finish()
            }
            for name in ["/a", "/a/b"] {
                #expect(FileStatus(at: home + name)?.mode == 0o2750)
                #expect(FileStatus(at: home + name)?.group == 1_234)
            }
            #expect(FileStatus(at: home + "/a/b/file")?.mode == 0o640)
            #expect(FileStatus(at: home + "/a/b/file")?.group == 1_234)
            // A directory that an earlier version made.
            try #require(chown(home + "/a", 0, 0) == 0 && chmod(home + "/a", 0o750) == 0)
            FileSystem.inheritFromParent(home + "/a")
            #expect(FileStatus(at: home + "/a")?.mode == 0o2750)
            #expect(FileStatus(at: home + "/a")?.group == 1_234)
        }
    }
}
