import Files
import Foundation
import Glibc
import TestSupport
import Testing

@Suite struct FileSystemTests {
    @Test(arguments: [0, 0o022, 0o077] as [mode_t])
    func `missing parents are made too`(mask: mode_t) async throws {
        try await withTemporaryDirectory { directory in
            try await withUmask(mask) { try FileSystem.make(directory + "/a/b/c") }
            for path in ["/a", "/a/b", "/a/b/c"] { #expect(try mode(of: directory + path) == S_IFDIR | 0o750) }
        }
    }

    @Test func `an existing directory is left as it is`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/a"
            try FileSystem.make(path)
            try write("x", to: path + "/file")
            try #require(chmod(path, 0o700) == 0)
            try FileManager.default.createSymbolicLink(atPath: directory + "/link", withDestinationPath: "a")
            for same in [path, path + "/", directory + "/link", "/"] { try FileSystem.make(same) }
            #expect(try mode(of: path) == S_IFDIR | 0o700)
            #expect(try mode(of: directory + "/link") & S_IFMT == S_IFLNK)
            #expect(try FileSystem.list(path) == ["file"])
        }
    }

    @Test func `a file is not a directory`() async throws {
        try await withTemporaryDirectory { directory in
            try write("x", to: directory + "/file")
            try FileManager.default.createSymbolicLink(atPath: directory + "/dangling", withDestinationPath: "nothing")
            for path in ["/file", "/file/below", "/dangling"] {
                let error = #expect(throws: FileError.self) { try FileSystem.make(directory + path) }
                #expect(error?.kind == .cannotCreate)
            }
            #expect(!FileSystem.isDirectory(directory + "/file"))
            #expect(FileSystem.exists(directory + "/dangling"))
            #expect(!FileSystem.exists(directory + "/nothing"))
        }
    }

    @Test func `names are sorted by their bytes`() async throws {
        try await withTemporaryDirectory { directory in
            let names = [".hidden", "A", "B", "a", "b", "\u{e9}"]
            for name in names.reversed() { try write("", to: directory + "/" + name) }
            #expect(try FileSystem.list(directory) == names)
            let error = #expect(throws: FileError.self) { try FileSystem.list(directory + "/missing") }
            #expect(error?.kind == .unreadable)
        }
    }

    @Test func `removing does not follow links`() async throws {
        try await withTemporaryDirectory { directory in
            try FileSystem.make(directory + "/kept")
            try write("x", to: directory + "/kept/file")
            try FileSystem.make(directory + "/gone/deep/deeper")
            try write("x", to: directory + "/gone/deep/file")
            for name in ["/gone/link", "/gone/deep/link", "/link"] {
                try FileManager.default.createSymbolicLink(
                    atPath: directory + name, withDestinationPath: directory + "/kept")
            }
            try FileSystem.remove(directory + "/gone")
            try FileSystem.remove(directory + "/link")
            try FileSystem.remove(directory + "/never-there")
            #expect(try FileSystem.list(directory) == ["kept"])
            #expect(try FileSystem.list(directory + "/kept") == ["file"])
        }
    }

    @Test func `a directory that is not empty is not replaced`() async throws {
        try await withTemporaryDirectory { directory in
            try FileSystem.make(directory + "/staged")
            try FileSystem.make(directory + "/full")
            try write("x", to: directory + "/full/file")
            let error = #expect(throws: FileError.self) {
                try FileSystem.rename(directory + "/staged", to: directory + "/full")
            }
            #expect(error?.kind == .cannotCreate)
            try FileSystem.rename(directory + "/staged", to: directory + "/new")
            try FileSystem.sync(directory)
            #expect(try FileSystem.list(directory) == ["full", "new"])
            #expect(throws: FileError.self) { try FileSystem.sync(directory + "/staged") }
        }
    }

    @Test func `contents have a limit`() async throws {
        try await withTemporaryDirectory { directory in
            try write("0123456789", to: directory + "/a")
            #expect(try FileSystem.contents(of: directory + "/a", limit: 10) == Array("0123456789".utf8))
            for (name, limit) in [("a", 9), ("missing", 10), (".", 10)] {
                let error = #expect(throws: FileError.self) {
                    try FileSystem.contents(of: "\(directory)/\(name)", limit: limit)
                }
                #expect(error?.kind == .unreadable)
            }
        }
    }
}
