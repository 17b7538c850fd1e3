import Formats
import TestSupport
import Testing

@Suite struct ByteHashTests {
    @Test func `equal bytes have equal hashes at any offset`() {
        let line = Array("x,01234567890A==,y,01234567890A==".utf8)
        #expect(ByteHash.hash(line[2..<16]) == ByteHash.hash(line[19...]))
    }

    /// Every bit of an id counts, and about half the bits of the hash change with it.
    @Test func `every bit counts`() {
        var random = SeededRandom(seed: 1)
        var changed = 0
        var tries = 0
        for length in 1...40 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            for bit in 0..<length * 8 {
                var other = bytes
                other[bit / 8] ^= 1 << (bit % 8)
                changed += (ByteHash.hash(bytes[...]) ^ ByteHash.hash(other[...])).nonzeroBitCount
                tries += 1
            }
        }
        #expect((31.0...33.0).contains(Double(changed) / Double(tries)))
    }

    @Test func `runs of zeros of different length have different hashes`() {
        let zeros = [UInt8](repeating: 0, count: 130)
        #expect(Set((0...130).map { ByteHash.hash(zeros[..<$0]) }).count == 131)
    }

    @Test func `short ids have different hashes`() {
        var hashes = Set<UInt64>()
        var count = 0
        for length in 0...4 {
            let values = (0..<length).reduce(1) { product, _ in product * 8 }
            for number in 0..<values {
                let id = (0..<length).map { UInt8(number >> ($0 * 3) & 7) }
                hashes.insert(ByteHash.hash(id[...]) >> 36)
                count += 1
            }
        }
        #expect(hashes.count > count - 3)
    }

    /// Consecutive ids fill the parts of a table evenly, by the lowest bits of the hash and by the highest.
    @Test func `consecutive ids are spread evenly`() {
        var low = [Int](repeating: 0, count: 256)
        var high = low
        for number in 0..<256_000 {
            let hash = ByteHash.hash(Array("subscriber-\(number)".utf8)[...])
            low[Int(hash & 255)] += 1
            high[Int(hash >> 56)] += 1
        }
        #expect((low + high).allSatisfy { (800...1_200).contains($0) })
    }
}
