import Files
import TestSupport
import Testing

@Suite(.needs("python3")) struct GzipReaderTests {
    @Test func `it reads what Python compressed`() async throws {
        try await withTemporaryDirectory { directory in
            let program = """
                import gzip, os, random, struct, sys, zlib
                os.chdir(sys.argv[1])
                random.seed(1)
                big = bytes(random.choices(b"abcdefgh,\\n", k=300_000))
                noise = random.randbytes(200_000)
                def named(data):
                    head = b"\\x1f\\x8b\\x08\\x1e" + struct.pack("<IBB", 1_700_000_000, 2, 255)
                    head += struct.pack("<H", 5) + b"extra" + b"list.csv\\0" + b"a comment\\0"
                    head += struct.pack("<H", zlib.crc32(head) & 0xFFFF)
                    body = zlib.compressobj(9, zlib.DEFLATED, -15)
                    return head + body.compress(data) + body.flush() + struct.pack("<II", zlib.crc32(data), len(data))
                cases = {
                    "one": [gzip.compress(big)], "empty": [gzip.compress(b"")], "stored": [gzip.compress(noise, 0)],
                    "named": [named(big)], "zeros": [gzip.compress(bytes(3_000_000))],
                    "several": [gzip.compress(b"first\\n"), gzip.compress(b""), named(noise), gzip.compress(big, 1)],
                    "many": [gzip.compress(bytes([n % 256])) for n in range(4_000)],
                }
                for name, members in cases.items():
                    data = b"".join(members)
                    open(name + ".gz", "wb").write(data)
                    open(name + ".raw", "wb").write(gzip.decompress(data))
                    print(name, len(members))
                """
            let lines = try await pythonLines(program, [directory])
            try #require(lines.count == 7)
            for line in lines {
                let parts = line.split(separator: " ")
                let path = "\(directory)/\(parts[0])"
                let reader = try GzipReader(InputFile(opening: path + ".gz"), name: "x")
                #expect(try everything(reader) == bytes(of: path + ".raw"), "\(line)")
                #expect(String(reader.members) == parts[1])
            }
        }
    }

    @Test(arguments: [1, 2, 3, 17, .max], [1, 5, 1_000])
    func `the size of the pieces does not matter`(input: Int, buffer: Int) async throws {
        let (content, compressed) = try await Self.sample
        let twice = PieceInput(compressed + compressed, size: input)
        let reader = try GzipReader(twice, name: "x")
        #expect(try everything(reader, buffer: buffer) == content + content)
        #expect(reader.members == 2)
        #expect(try everything(reader).isEmpty)
    }

    @Test func `a stream cut anywhere is an error`() async throws {
        let (_, compressed) = try await Self.sample
        for length in 0..<compressed.count {
            #expect(throws: GzipError.truncated("list.csv.gz"), "cut to \(length) bytes") {
                try everything(GzipReader(PieceInput(compressed.prefix(length)), name: "list.csv.gz"))
            }
            // The same with a second member that is cut.
            guard length > 0 else { continue }
            #expect(throws: GzipError.truncated("list.csv.gz"), "second member cut to \(length) bytes") {
                try everything(GzipReader(PieceInput(compressed + compressed.prefix(length)), name: "list.csv.gz"))
            }
        }
    }

    @Test func `a flipped bit is an error or changes nothing`() async throws {
        let (content, compressed) = try await Self.sample
        var errors = 0
        for index in compressed.indices {
            for bit in 0..<8 {
                var flipped = compressed
                flipped[index] ^= 1 << UInt8(bit)
                do {
                    let read = try everything(GzipReader(PieceInput(flipped), name: "x"))
                    #expect(read == content, "bit \(bit) of byte \(index)")
                } catch is GzipError {
                    errors += 1
                }
            }
        }
        // Only the time, extra flags and system in the header can have any value.
        #expect(errors >= (compressed.count - 10) * 8)
    }

    @Test(arguments: [
        "\n", "garbage", "\u{8b}", "\u{0}\n", "\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}x",
    ])
    func `bytes after the last member are an error`(garbage: String) async throws {
        let (_, compressed) = try await Self.sample
        for size in [1, .max] {
            #expect(throws: GzipError.trailing("x")) {
                try everything(GzipReader(PieceInput(compressed + Array(garbage.utf8), size: size), name: "x"))
            }
        }
    }

    @Test func `a further member must be complete`() async throws {
        let (_, compressed) = try await Self.sample
        #expect(throws: GzipError.truncated("x")) {
            try everything(GzipReader(PieceInput(compressed + [0x1F]), name: "x"))
        }
        #expect(throws: GzipError.damaged("x")) {
            try everything(GzipReader(PieceInput(compressed + [0x1F, 0x61, 0x62]), name: "x"))
        }
    }

    /// Tapes and block devices add them, and `gzip -t` accepts them.
    @Test(arguments: [1, 7, 512, 65_535, 65_536, 65_537, 200_000], [1, .max])
    func `zero bytes after the last member are padding`(count: Int, size: Int) async throws {
        let (content, compressed) = try await Self.sample
        let zeros = [UInt8](repeating: 0, count: count)
        let reader = try GzipReader(PieceInput(compressed + compressed + zeros, size: size), name: "x")
        #expect(try everything(reader) == content + content)
        #expect(reader.members == 2)
        #expect(try everything(reader).isEmpty)
        // Anything after the padding is an error, even another member.
        for rest in [compressed, [0x1F], [1]] {
            #expect(throws: GzipError.trailing("x")) {
                try everything(GzipReader(PieceInput(compressed + zeros + rest, size: size), name: "x"))
            }
        }
    }

    /// The files that a run writes have no padding.
    @Test(arguments: [1, 512, 100_000], [1, .max])
    func `padding is an error where it is not allowed`(count: Int, size: Int) async throws {
        let (content, compressed) = try await Self.sample
        let zeros = [UInt8](repeating: 0, count: count)
        let input = PieceInput(compressed + zeros, size: size)
        let reader = try GzipReader(input, name: "x", allowsPadding: false)
        #expect(throws: GzipError.trailing("x")) { try everything(reader) }
        let whole = try GzipReader(PieceInput(compressed, size: size), name: "x", allowsPadding: false)
        #expect(try everything(whole) == content)
    }

    @Test func `zero bytes alone are not gzip`() {
        #expect(throws: GzipError.self) {
            try everything(GzipReader(PieceInput([UInt8](repeating: 0, count: 1_000)), name: "x"))
        }
    }

    @Test(arguments: [[0x1f, 0x8b], [0x1f], Array("id\nab==\n".utf8), [0x78, 0x9c, 3, 0, 0, 0, 0, 1]] as [[UInt8]])
    func `data that is not gzip is an error`(content: [UInt8]) {
        #expect(throws: GzipError.self) { try everything(GzipReader(PieceInput(content), name: "x")) }
    }

    @Test func `errors name the input`() {
        #expect(GzipError.truncated("list.csv.gz").description.contains("list.csv.gz"))
        #expect(GzipError.damaged("list.csv.gz").description.contains("list.csv.gz"))
        #expect(GzipError.trailing("list.csv.gz").description.contains("list.csv.gz"))
    }

    /// A small text and the same compressed by `gzip`.
    private static var sample: (content: [UInt8], compressed: [UInt8]) {
        get async throws {
            let content = Array("id\n01234567890A=\n01234567890B=\n\u{e9}\u{0}\n".utf8)
            let program = """
                import gzip, sys
                print(gzip.compress(sys.stdin.buffer.read(), mtime=0).hex())
                """
            let result = try await Tool.python(program, input: content)
            let digits = Array(result.output.utf8.dropLast())
            let compressed = try stride(from: 0, to: digits.count, by: 2).map { index in
                try #require(UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16))
            }
            return (content, compressed)
        }
    }
}
