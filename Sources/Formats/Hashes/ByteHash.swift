/// A fast hash of short byte strings for tables in memory, eight bytes at a time. It differs in every process.
///
/// Each step multiplies and folds the two halves of the product into one, as wyhash does. `Hasher` takes three times as
/// long for an id. The random seed prevents crafted lists from filling one slot.
public enum ByteHash {
    @usableFromInline static let seed = UInt64.random(in: .min ... .max)

    /// The hash of an id.
    @inlinable
    public static func hash(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        unsafe bytes.withUnsafeBytes { bytes in
            // The length goes into the top byte, which the last bytes (at most seven) do not reach.
            var hash = seed ^ UInt64(truncatingIfNeeded: bytes.count) << 56
            var offset = 0
            while offset + 8 <= bytes.count {
                let word = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                hash = fold(hash ^ word, 0xa076_1d64_78bd_642f)
                offset += 8
            }
            var rest: UInt64 = 0
            while offset < bytes.count {
                rest = unsafe rest << 8 | UInt64(bytes[offset])
                offset += 1
            }
            return fold(fold(hash ^ rest, 0xe703_7ed1_a0b4_28db), 0x8ebc_6af0_9c88_c6e3)
        }
    }

    @inlinable
    static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}
