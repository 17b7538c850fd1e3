/// CRC-32 as gzip uses it, of a few bytes: eight at a step, by eight tables ("slicing by 8").
///
/// zlib's is made for long runs, and takes 2 ns for each of the 52 bytes of an answer and its id; this takes a fifth.
package struct CRC32 {
    private var state: UInt32 = 0xffff_ffff
    /// Held here, since a lazy constant is looked for at each use.
    private let tables = Self.tables

    package init() {}

    package var value: UInt32 { ~state }

    /// The table of single bytes, and what each byte comes to with one to seven zeros behind it.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var entry = UInt32(byte)
            for _ in 0..<8 { entry = entry & 1 == 0 ? entry >> 1 : entry >> 1 ^ 0xedb8_8320 }
            tables[byte] = entry
        }
        for place in 256..<8 * 256 {
            let before = tables[place - 256]
            tables[place] = before >> 8 ^ tables[Int(before & 0xff)]
        }
        return tables
    }()

    package mutating func update(_ bytes: ArraySlice<UInt8>) {
        unsafe bytes.withUnsafeBytes { bytes in
            var place = 0
            while place + 8 <= bytes.count {
                unsafe update(word: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)))
                place += 8
            }
            while place < bytes.count {
                unsafe update(byte: bytes[place])
                place += 1
            }
        }
    }

    private mutating func update(byte: UInt8) {
        state = state >> 8 ^ tables[Int(UInt8(truncatingIfNeeded: state) ^ byte)]
    }

    /// Four bytes, the lowest first.
    package mutating func update(half: UInt32) {
        for step in 0..<4 as Range<UInt32> { update(byte: UInt8(truncatingIfNeeded: half >> (8 * step))) }
    }

    /// Eight bytes, the lowest first.
    package mutating func update(word: UInt64) {
        let mixed = word ^ UInt64(state)
        // Each index is below 8 × 256.
        state = unsafe tables.withUnsafeBufferPointer { tables in
            var sum: UInt32 = 0
            for step in 0..<8 {
                let byte = UInt8(truncatingIfNeeded: mixed >> UInt64(8 * step))
                sum ^= unsafe tables[(7 - step) * 256 + Int(byte)]
            }
            return sum
        }
    }
}
