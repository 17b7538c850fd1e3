import Formats
import TestSupport
import Testing

@testable import Files

@Suite struct CRC32Tests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `it equals the checksum of zlib`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for length in 0...140 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            let cut = Int.random(in: 0...length, using: &random)
            var sum = CRC32()
            sum.update(bytes[..<cut])
            sum.update(bytes[cut...])
            #expect(sum.value == Checksum.crc32(bytes))
        }
    }

    @Test func `words and halves are little endian`() {
        var random = SeededRandom(seed: 4)
        for _ in 0..<50 {
            let word = UInt64.random(in: .min ... .max, using: &random)
            let half = UInt32.random(in: .min ... .max, using: &random)
            var sum = CRC32()
            sum.update(half: half)
            sum.update(word: word)
            let bytes =
                (0..<4).map { UInt8(truncatingIfNeeded: half >> ($0 * 8)) }
                + (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }
            #expect(sum.value == Checksum.crc32(bytes))
        }
    }

    @Test func `the check value of the standard holds`() {
        var sum = CRC32()
        sum.update(Array("123456789".utf8)[...])
        #expect(sum.value == 0xcbf4_3926)
    }
}
