import Files
import Foundation
import Glibc
import TestSupport
import Testing

@Suite struct OutputFileTests {
    @Test(arguments: [0, 0o022, 0o077, 0o777] as [mode_t])
    func `the mode is 0640 whatever the umask`(mask: mode_t) async throws {
        try await withTemporaryDirectory { directory in
            try await withUmask(mask) {
                try OutputFile(creating: directory + "/a").finish()
                _ = try RandomAccessFile(creating: directory + "/b", size: 10)
            }
            #expect(try mode(of: directory + "/a") == S_IFREG | 0o640)
            #expect(try mode(of: directory + "/b") == S_IFREG | 0o640)
        }
    }

    @Test func `an existing file is left alone`() async throws {
        try await withTemporaryDirectory { directory in
            try write("old", to: directory + "/file")
            try FileManager.default.createSymbolicLink(atPath: directory + "/link", withDestinationPath: "file")
            try FileManager.default.createSymbolicLink(atPath: directory + "/dangling", withDestinationPath: "nothing")
            try FileManager.default.createDirectory(atPath: directory + "/folder", withIntermediateDirectories: false)
            for name in ["file", "link", "dangling", "folder"] {
                let path = directory + "/" + name
                let error = #expect(throws: FileError.self) { try OutputFile(creating: path) }
                #expect(error?.kind == .cannotCreate)
                #expect(error?.path == path)
            }
            #expect(try bytes(of: directory + "/file") == Array("old".utf8))
            #expect(try FileSystem.list(directory) == ["dangling", "file", "folder", "link"])
        }
    }

    @Test func `an error has the path and the reason`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/missing/file"
            let error = #expect(throws: FileError.self) { try OutputFile(creating: path) }
            #expect(error?.kind == .cannotCreate)
            #expect(error?.description.lowercased() == "cannot create \(path): no such file or directory".lowercased())
        }
    }

    @Test func `bytes are written in order`() async throws {
        try await withTemporaryDirectory { directory in
            var random = SeededRandom(seed: 21)
            let content = random.bytes(300_000)
            let file = try OutputFile(creating: directory + "/a")
            var rest = content[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 1...70_000, using: &random))
                try file.write(Array(piece))
                rest = rest.dropFirst(piece.count)
            }
            #expect(file.count == 300_000)
            try file.finish()
            #expect(try bytes(of: directory + "/a") == content)
        }
    }

    @Test func `overwriting changes only the bytes at its offset`() async throws {
        try await withTemporaryDirectory { directory in
            let file = try OutputFile(creating: directory + "/a")
            try file.write(Array("0123456789".utf8))
            try file.overwrite(Array("ab".utf8), at: 3)
            try file.write(Array("xyz".utf8))
            try file.overwrite(Array("C".utf8), at: 0)
            try file.overwrite([], at: 5)
            #expect(file.count == 13)
            try file.finish()
            #expect(String(decoding: try bytes(of: directory + "/a"), as: UTF8.self) == "C12ab56789xyz")
        }
    }

    @Test func `other processes see flushed bytes`() async throws {
        try await withTemporaryDirectory { directory in
            let file = try OutputFile(creating: directory + "/a")
            try file.write(Array("abc".utf8))
            try file.flush()
            #expect(try bytes(of: directory + "/a") == Array("abc".utf8))
        }
    }

    @Test func `a finished file accepts no more writes`() async throws {
        try await withTemporaryDirectory { directory in
            let file = try OutputFile(creating: directory + "/a")
            try file.write(Array("abc".utf8))
            try file.finish()
            #expect(throws: FileError.self) { try file.finish() }
            #expect(throws: FileError.self) { try file.overwrite([1], at: 0) }
            #expect(throws: FileError.self) { try file.write([UInt8](repeating: 0, count: 1 << 16)) }
            #expect(try bytes(of: directory + "/a") == Array("abc".utf8))
        }
    }

    @Test func `a write that the system refuses is an error`() async throws {
        try await withTemporaryDirectory { directory in
            let file = try OutputFile(creating: directory + "/a")
            let error = #expect(throws: FileError.self) { try file.overwrite([1], at: -1) }
            #expect(error?.kind == .failed)
            #expect(error?.path == directory + "/a")
        }
    }
}
