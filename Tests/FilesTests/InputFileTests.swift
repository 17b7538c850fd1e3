import Files
import Foundation
import Glibc
import TestSupport
import Testing

@Suite struct InputFileTests {
    @Test func `a file is read from start to end`() async throws {
        try await withTemporaryDirectory { directory in
            var random = SeededRandom(seed: 31)
            let content = random.bytes(100_000)
            try write(content, to: directory + "/a")
            #expect(try everything(InputFile(opening: directory + "/a"), buffer: 777) == content)
            #expect(try everything(InputFile(opening: directory + "/a"), buffer: 1 << 20) == content)
        }
    }

    @Test func `links are followed`() async throws {
        try await withTemporaryDirectory { directory in
            try write("abc", to: directory + "/a")
            try FileManager.default.createSymbolicLink(atPath: directory + "/link", withDestinationPath: "a")
            #expect(try everything(InputFile(opening: directory + "/link")) == Array("abc".utf8))
        }
    }

    /// Opening a FIFO without a writer blocks forever unless `O_NONBLOCK` is given.
    @Test func `a path that is not a regular file is refused at once`() async throws {
        try await withTemporaryDirectory { directory in
            try #require(mkfifo(directory + "/fifo", 0o600) == 0)
            try FileManager.default.createSymbolicLink(atPath: directory + "/loop", withDestinationPath: "loop")
            try FileManager.default.createSymbolicLink(atPath: directory + "/dangling", withDestinationPath: "nothing")
            let reasons = [
                (directory, "is a directory"), (directory + "/fifo", "is not a regular file"),
                ("/dev/null", "is not a regular file"), (directory + "/missing", "no such file or directory"),
                (directory + "/dangling", "no such file or directory"), (directory + "/loop", "symbolic links"),
            ]
            for (path, reason) in reasons {
                let error = #expect(throws: FileError.self) { try InputFile(opening: path) }
                #expect(error?.kind == .unreadable)
                let text = try #require(error?.description)
                #expect(text.hasPrefix("cannot read \(path)"))
                #expect(text.lowercased().contains(reason), "\(text)")
            }
        }
    }

    @Test func `reading at an offset does not move the read position`() async throws {
        try await withTemporaryDirectory { directory in
            try write("0123456789", to: directory + "/a")
            let file = try InputFile(opening: directory + "/a")
            var buffer = [UInt8](repeating: 0, count: 4)
            #expect(try file.read(into: &buffer) == 4)
            #expect(try file.read(at: 8, into: &buffer) == 2)
            #expect(buffer == Array("8923".utf8))
            #expect(try file.read(at: 10, into: &buffer) == 0)
            #expect(try everything(file) == Array("456789".utf8))
        }
    }

    @Test func `the identity changes with the content`() async throws {
        try await withTemporaryDirectory { directory in
            try write("abc", to: directory + "/a")
            #expect(chmod(directory + "/a", 0o604) == 0)
            let file = try InputFile(opening: directory + "/a")
            let before = try file.identity()
            #expect(before.size == 3)
            #expect(before.mode == 0o604)
            #expect(before.kind == S_IFREG)
            #expect(try InputFile(opening: directory + "/a").identity() == before)
            let more = try FileHandle(forWritingTo: URL(fileURLWithPath: directory + "/a"))
            try more.seekToEnd()
            try more.write(contentsOf: Data("d".utf8))
            try more.close()
            #expect(try file.identity() != before)
            try write("abc", to: directory + "/b")
            #expect(try InputFile(opening: directory + "/b").identity().inode != before.inode)
        }
    }
}
