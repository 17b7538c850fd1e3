import Formats
import TestSupport
import Testing

@Suite struct ByteSearchTests {
    /// Few values, so that the searched byte and its neighbours occur often.
    private static let values: [UInt8] = [0, 1, 0x1f, 0x20, 0x21, 0x22, 0x23, 0x2c, 0x5c, 0x7f, 0x80, 0xa2, 0xff]

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `it matches what a loop matches`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for length in 0...40 {
            for _ in 0..<30 {
                let bytes = [0xee] + (0..<length).map { _ in Self.values.randomElement(using: &random) ?? 0 } + [0x22]
                let part = bytes[1..<1 + length]
                #expect(
                    ByteSearch.any(in: part) { ByteSearch.equal(to: 0x22, in: $0) } == part.contains(0x22))
                #expect(ByteSearch.any(in: part, ByteSearch.controls) == part.contains { $0 < 0x20 })
            }
        }
    }

    @Test(arguments: [4, 5] as [UInt64])
    func `the first match is where a loop finds it`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<2_000 {
            let bytes = (0..<8).map { _ in Self.values.randomElement(using: &random) ?? 0 }
            let word = bytes.reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
            #expect(ByteSearch.equal(to: 0x2c, in: word).trailingZeroBitCount / 8 == bytes.firstIndex(of: 0x2c) ?? 8)
            #expect(ByteSearch.controls(in: word).trailingZeroBitCount / 8 == bytes.firstIndex { $0 < 0x20 } ?? 8)
        }
    }

    /// The two writers that use it: each byte alone, at each index of a text of each length.
    @Test func `each byte is escaped and quoted where necessary`() {
        for byte in 0...UInt8.max {
            for length in 1...17 {
                for index in 0..<length {
                    var text = [UInt8](repeating: 0x61, count: length)
                    text[index] = byte
                    #expect(JSONText.needsEscapes(text[...]) == (byte < 0x20 || byte == 0x22 || byte == 0x5c))
                    var csv: [UInt8] = []
                    CSVText.append(text[...], to: &csv)
                    #expect((csv != text) == [0x0a, 0x0d, 0x22, 0x2c].contains(byte))
                }
            }
        }
    }
}
