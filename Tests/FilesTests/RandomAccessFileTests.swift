import Files
import Foundation
import Glibc
import TestSupport
import Testing

@Suite struct RandomAccessFileTests {
    @Test func `a new file reads as zeros and has its disk space`() async throws {
        try await withTemporaryDirectory { directory in
            let file = try RandomAccessFile(creating: directory + "/a", size: 4 << 20)
            var buffer = [UInt8](repeating: 7, count: 5_000)
            #expect(try file.read(at: (4 << 20) - 5_000, into: &buffer) == 5_000)
            #expect(buffer.allSatisfy { $0 == 0 })
            var info = stat()
            try #require(stat(directory + "/a", &info) == 0)
            #expect(info.st_size == 4 << 20)
            #expect(info.st_blocks * 512 >= 4 << 20)
        }
    }

    @Test func `records are written in place in any order`() async throws {
        try await withTemporaryDirectory { directory in
            var random = SeededRandom(seed: 41)
            let content = random.bytes(64 * 500)
            let file = try RandomAccessFile(creating: directory + "/a", size: content.count)
            for index in (0..<500).shuffled(using: &random) {
                try file.write(content[index * 64..<(index + 1) * 64], at: index * 64)
            }
            #expect(try bytes(of: directory + "/a") == content)
            for index in (0..<500).shuffled(using: &random) {
                var buffer = [UInt8](repeating: 0, count: 64)
                #expect(try file.read(at: index * 64, into: &buffer) == 64)
                #expect(buffer == Array(content[index * 64..<(index + 1) * 64]))
            }
        }
    }

    @Test func `reading at the end returns fewer bytes`() async throws {
        try await withTemporaryDirectory { directory in
            let file = try RandomAccessFile(creating: directory + "/a", size: 10)
            try file.write(Array("0123456789".utf8), at: 0)
            var buffer = [UInt8](repeating: 0, count: 8)
            #expect(try file.read(at: 6, into: &buffer) == 4)
            #expect(buffer == Array("6789\0\0\0\0".utf8))
            #expect(try file.read(at: 10, into: &buffer) == 0)
        }
    }

    @Test func `an existing file is left alone`() async throws {
        try await withTemporaryDirectory { directory in
            try write("old", to: directory + "/a")
            try FileManager.default.createSymbolicLink(atPath: directory + "/link", withDestinationPath: "b")
            for name in ["a", "link"] {
                let error = #expect(throws: FileError.self) {
                    try RandomAccessFile(creating: "\(directory)/\(name)", size: 10)
                }
                #expect(error?.kind == .cannotCreate)
            }
            #expect(try bytes(of: directory + "/a") == Array("old".utf8))
            #expect(try FileSystem.list(directory) == ["a", "link"])
        }
    }

    @Test func `a file of an earlier process is opened with the given size`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/a"
            for content in ["", "01234", "0123456789", "0123456789abc"] {
                try write(content, to: path)
                let file = try RandomAccessFile(opening: path, size: 10)
                var buffer = [UInt8](repeating: 7, count: 20)
                #expect(try file.read(at: 0, into: &buffer) == 10)
                let expected = Array(content.utf8.prefix(10))
                #expect(Array(buffer[..<10]) == expected + [UInt8](repeating: 0, count: 10 - expected.count))
                try file.write(Array("x".utf8), at: 9)
                try file.sync()
                #expect(try bytes(of: path).last == UInt8(ascii: "x"))
            }
            try FileManager.default.createSymbolicLink(atPath: directory + "/link", withDestinationPath: path)
            for name in ["link", "missing"] {
                #expect(throws: FileError.self) { try RandomAccessFile(opening: directory + "/" + name, size: 10) }
            }
        }
    }
}
