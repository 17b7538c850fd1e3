/// Questions about eight bytes at once: the bytes of a word that are asked for have their highest bit set in the answer.
///
/// Only the lowest byte found is certain to be one; bytes above it may be there by mistake. So "is there one" and "where is
/// the first" are exact. (Mycroft's trick. A loop over single bytes takes six times as long.)
public enum ByteSearch {
    /// Bytes that are `byte`.
    @inlinable @inline(__always)
    public static func equal(to byte: UInt8, in word: UInt64) -> UInt64 {
        let zeros = word ^ 0x0101_0101_0101_0101 &* UInt64(byte)
        return (zeros &- 0x0101_0101_0101_0101) & ~zeros & 0x8080_8080_8080_8080
    }

    /// Bytes below 0x20: control characters.
    @inlinable @inline(__always)
    public static func controls(in word: UInt64) -> UInt64 {
        (word &- 0x2020_2020_2020_2020) & ~word & 0x8080_8080_8080_8080
    }

    /// Whether both have the same bytes, eight at a step: a literal becomes constants to compare with, and no call. (`==` of
    /// slices compares one by one.)
    @inlinable @inline(__always) @unsafe
    public static func bytesEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        guard left.count == right.count else { return false }
        let count = left.count
        var offset = 0
        while offset + 8 <= count {
            guard
                unsafe left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                    == right.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            else { return false }
            offset += 8
        }
        while offset < count {
            guard unsafe left[offset] == right[offset] else { return false }
            offset += 1
        }
        return true
    }

    /// Whether a question finds anything in some bytes. What is left over at the end is filled up with `A`.
    @inlinable
    public static func any(in bytes: ArraySlice<UInt8>, _ question: (UInt64) -> UInt64) -> Bool {
        unsafe bytes.withUnsafeBytes { bytes in
            var offset = 0
            while offset + 8 <= bytes.count {
                let word = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                if question(word) != 0 { return true }
                offset += 8
            }
            guard offset < bytes.count else { return false }
            var word: UInt64 = 0x4141_4141_4141_4141
            while offset < bytes.count {
                word = unsafe word << 8 | UInt64(bytes[offset])
                offset += 1
            }
            return question(word) != 0
        }
    }
}

extension ArraySlice<UInt8> {
    /// Whether the bytes are the same; `==` compares them one by one.
    @inlinable
    public func isSame(as other: ArraySlice<UInt8>) -> Bool {
        unsafe withUnsafeBytes { left in
            unsafe other.withUnsafeBytes { right in unsafe ByteSearch.bytesEqual(left, right) }
        }
    }
}
