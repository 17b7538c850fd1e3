import Files
import Foundation
import Glibc
import TestSupport
import Testing

@Suite struct DirectoriesTests {
    @Test(arguments: [0, 0o022, 0o077] as [mode_t])
    func missingParentsAreMadeToo(mask: mode_t) async throws {
        try await withTemporaryDirectory { directory in
            try await withUmask(mask) { try Directories.make(directory + "/a/b/c") }
            for path in ["/a", "/a/b", "/a/b/c"] { #expect(try mode(of: directory + path) == S_IFDIR | 0o750) }
        }
    }

    @Test func aDirectoryThatIsThereIsLeftAsItIs() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/a"
            try Directories.make(path)
            try write("x", to: path + "/file")
            try #require(chmod(path, 0o700) == 0)
            try FileManager.default.createSymbolicLink(atPath: directory + "/link", withDestinationPath: "a")
            for same in [path, path + "/", directory + "/link", "/"] { try Directories.make(same) }
            #expect(try mode(of: path) == S_IFDIR | 0o700)
            #expect(try mode(of: directory + "/link") & S_IFMT == S_IFLNK)
            #expect(try Directories.list(path) == ["file"])
        }
    }

    @Test func aFileIsNoDirectory() async throws {
        try await withTemporaryDirectory { directory in
            try write("x", to: directory + "/file")
            try FileManager.default.createSymbolicLink(atPath: directory + "/dangling", withDestinationPath: "nothing")
            for path in ["/file", "/file/below", "/dangling"] {
                let error = #expect(throws: FileError.self) { try Directories.make(directory + path) }
                #expect(error?.kind == .cannotCreate)
            }
            #expect(!Directories.isDirectory(directory + "/file"))
            #expect(Directories.exists(directory + "/dangling"))
            #expect(!Directories.exists(directory + "/nothing"))
        }
    }

    @Test func namesAreListedByTheirBytes() async throws {
        try await withTemporaryDirectory { directory in
            let names = [".hidden", "A", "B", "a", "b", "\u{e9}"]
            for name in names.reversed() { try write("", to: directory + "/" + name) }
            #expect(try Directories.list(directory) == names)
            let error = #expect(throws: FileError.self) { try Directories.list(directory + "/missing") }
            #expect(error?.kind == .unreadable)
        }
    }

    @Test func removingDoesNotFollowLinks() async throws {
        try await withTemporaryDirectory { directory in
            try Directories.make(directory + "/kept")
            try write("x", to: directory + "/kept/file")
            try Directories.make(directory + "/gone/deep/deeper")
            try write("x", to: directory + "/gone/deep/file")
            for place in ["/gone/link", "/gone/deep/link", "/link"] {
                try FileManager.default.createSymbolicLink(
                    atPath: directory + place, withDestinationPath: directory + "/kept")
            }
            try Directories.remove(directory + "/gone")
            try Directories.remove(directory + "/link")
            try Directories.remove(directory + "/never-there")
            #expect(try Directories.list(directory) == ["kept"])
            #expect(try Directories.list(directory + "/kept") == ["file"])
        }
    }

    @Test func aDirectoryThatHoldsAnythingIsNotReplaced() async throws {
        try await withTemporaryDirectory { directory in
            try Directories.make(directory + "/staged")
            try Directories.make(directory + "/full")
            try write("x", to: directory + "/full/file")
            let error = #expect(throws: FileError.self) {
                try Directories.rename(directory + "/staged", to: directory + "/full")
            }
            #expect(error?.kind == .cannotCreate)
            try Directories.rename(directory + "/staged", to: directory + "/new")
            try Directories.sync(directory)
            #expect(try Directories.list(directory) == ["full", "new"])
            #expect(throws: FileError.self) { try Directories.sync(directory + "/staged") }
        }
    }

    @Test func contentsHaveALimit() async throws {
        try await withTemporaryDirectory { directory in
            try write("0123456789", to: directory + "/a")
            #expect(try Directories.contents(of: directory + "/a", limit: 10) == Array("0123456789".utf8))
            for (name, limit) in [("a", 9), ("missing", 10), (".", 10)] {
                let error = #expect(throws: FileError.self) {
                    try Directories.contents(of: "\(directory)/\(name)", limit: limit)
                }
                #expect(error?.kind == .unreadable)
            }
        }
    }
}
