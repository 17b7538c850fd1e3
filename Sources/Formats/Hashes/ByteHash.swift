/// A fast hash of short byte strings, eight bytes at a step: for tables in memory, and different in every process.
///
/// Each step is a multiplication whose two halves are folded into one, as in wyhash. `Hasher` takes three times as long
/// for an id. The seed keeps lists that somebody made up from filling one slot.
public enum ByteHash {
    @usableFromInline static let seed = UInt64.random(in: .min ... .max)

    /// The hash of an id.
    @inlinable
    public static func hash(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        unsafe bytes.withUnsafeBytes { bytes in
            // The length stands where the last bytes, seven at most, do not.
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
