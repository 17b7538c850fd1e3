import Files
import Foundation
import TestSupport
import Testing

@Suite struct ChecksumTests {
    @Test func `both checksums equal those of Python`() async throws {
        try await withTemporaryDirectory { directory in
            var random = SeededRandom(seed: 51)
            let sizes = [0, 1, 63, 64, 65, 10_000, 262_143, 262_144, 262_145, 700_000]
            let contents = sizes.map { random.bytes($0) }
            for (index, content) in contents.enumerated() { try write(content, to: "\(directory)/\(index)") }
            let program = """
                import hashlib, sys, zlib
                for number in range(int(sys.argv[2])):
                    data = open(f"{sys.argv[1]}/{number}", "rb").read()
                    print(hashlib.sha256(data).hexdigest(), len(data), zlib.crc32(data))
                """
            let lines = try await pythonLines(program, [directory, String(sizes.count)])
            try #require(lines.count == sizes.count)
            for (index, content) in contents.enumerated() {
                let sum = try Checksum.sha256(ofFile: "\(directory)/\(index)")
                #expect("\(sum.hex) \(sum.length) \(Checksum.crc32(content))" == lines[index])
            }
        }
    }

    /// Known value: CRC-32 of the digits 1 to 9.
    @Test func `a checksum can be computed in pieces`() {
        let digits = Array("123456789".utf8)
        #expect(Checksum.crc32(digits) == 0xcbf4_3926)
        for cut in 0...digits.count {
            let head = Checksum.crc32(digits[..<cut])
            #expect(Checksum.crc32(digits[cut...], continuing: head) == 0xcbf4_3926)
        }
    }

    @Test func `an empty piece does not change the checksum`() {
        #expect(Checksum.crc32([UInt8](), continuing: 0xcbf4_3926) == 0xcbf4_3926)
        #expect(Checksum.crc32(EmptyCollection(), continuing: 0xcbf4_3926) == 0xcbf4_3926)
        #expect(Checksum.crc32(Data(), continuing: 0xcbf4_3926) == 0xcbf4_3926)
        #expect(Checksum.crc32([UInt8]()) == 0)
    }

    @Test func `bytes need not be contiguous`() {
        #expect(Checksum.crc32(Array("987654321".utf8).reversed()) == 0xcbf4_3926)
        #expect(Checksum.crc32(Data("123456789".utf8)) == 0xcbf4_3926)
    }

    @Test func `a missing file is an error`() async throws {
        try await withTemporaryDirectory { directory in
            let error = #expect(throws: FileError.self) { try Checksum.sha256(ofFile: directory + "/missing") }
            #expect(error?.kind == .unreadable)
        }
    }
}
