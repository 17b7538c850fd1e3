import Files
import Foundation
import TestSupport
import Testing

@Suite(.needs("gzip")) struct GzipWriterTests {
    /// Around the limits of stored blocks and of compressed blocks, and more blocks than there are cores.
    private static let sizes = [
        0, 1, 10, 65_535, 65_536, 65_537, 200_000, 524_287, 524_288,
        (ProcessInfo.processInfo.activeProcessorCount + 3) * 524_288 + 100,
    ]
    private static let openings = [0, 1, 65_535, 65_536, 70_000]

    @Test func `python and gzip read every file`() async throws {
        try await withTemporaryDirectory { directory in
            var random = SeededRandom(seed: 1)
            var names: [String] = []
            for size in Self.sizes {
                for opening in size > 200_000 ? [0, 70_000] : Self.openings {
                    for isCompressible in [true, false] {
                        let name = "\(size)-\(opening)-\(isCompressible)"
                        let content = isCompressible ? random.compressibleBytes(size) : random.bytes(size)
                        let head = random.bytes(opening)
                        try write(head + content, to: "\(directory)/\(name).raw")
                        try Self.compress(content, opening: head, to: "\(directory)/\(name).gz", random: &random)
                        names.append(name)
                    }
                }
            }
            let program = """
                import gzip, os, sys, zlib
                os.chdir(sys.argv[1])
                for name in sys.argv[2:]:
                    data, raw = open(name + ".gz", "rb").read(), open(name + ".raw", "rb").read()
                    member = zlib.decompressobj(31)
                    same = gzip.decompress(data) == raw == member.decompress(data)
                    print(name, data[:10].hex(), same and member.eof and not member.unused_data)
                """
            let lines = try await pythonLines(program, [directory] + names)
            #expect(lines == names.map { "\($0) 1f8b0800000000000003 True" })
            let tested = try await Tool.run("gzip", ["-t"] + names.map { $0 + ".gz" }, in: directory)
            #expect(tested.code == 0, "\(tested.error)")
            #expect(tested.error.isEmpty)
        }
    }

    @Test func `equal content gives equal bytes whatever the file is called`() async throws {
        try await withTemporaryDirectory { directory in
            var random = SeededRandom(seed: 2)
            let content = random.compressibleBytes(300_000)
            for name in ["a.gz", "another.json.gz"] {
                var pieces = SeededRandom(seed: 3)
                try Self.compress(content, opening: [1, 2, 3], to: "\(directory)/\(name)", random: &pieces)
            }
            #expect(try bytes(of: directory + "/a.gz") == bytes(of: directory + "/another.json.gz"))
        }
    }

    @Test func `it compresses`() async throws {
        try await withTemporaryDirectory { directory in
            var random = SeededRandom(seed: 4)
            let content = random.compressibleBytes(300_000)
            try Self.compress(content, to: directory + "/a.gz", random: &random)
            #expect(try bytes(of: directory + "/a.gz").count < content.count / 5)
        }
    }

    @Test func `every level decompresses to the same content`() async throws {
        try await withTemporaryDirectory { directory in
            var random = SeededRandom(seed: 5)
            let content = random.compressibleBytes(150_000)
            for level in [1, 9] as [Int32] {
                let path = "\(directory)/\(level).gz"
                let gzip = try GzipWriter(OutputFile(creating: path), level: level)
                try gzip.write(content)
                try gzip.finish()
                #expect(try everything(GzipReader(InputFile(opening: path), name: "x")) == content)
            }
        }
    }

    @Test(arguments: [(0, 1), (3, 0), (3, 2), (3, 4), (70_000, 69_999)])
    func `an opening of another length is refused`(reserved: Int, given: Int) async throws {
        try await withTemporaryDirectory { directory in
            let gzip = try GzipWriter(OutputFile(creating: directory + "/a.gz"), reserving: reserved)
            try gzip.write(Array("content".utf8))
            #expect(throws: FileError.self) { try gzip.finish(opening: [UInt8](repeating: 0x20, count: given)) }
        }
    }

    private static func compress(
        _ content: [UInt8],
        opening: [UInt8] = [],
        to path: String,
        random: inout SeededRandom
    ) throws {
        let gzip = try GzipWriter(OutputFile(creating: path), reserving: opening.count)
        var rest = content[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...80_000, using: &random))
            try gzip.write(Array(piece))
            rest = rest.dropFirst(piece.count)
        }
        try gzip.finish(opening: opening)
    }
}
