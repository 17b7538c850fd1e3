/// Searches eight bytes at once: in the result, the highest bit of each matching byte of the word is set.
///
/// Only the lowest match is certain; higher bytes may be false positives. So "is there a match" and "where is the first
/// match" are exact. (Mycroft's trick. A loop over single bytes takes six times as long.)
public enum ByteSearch {
    /// Matches bytes equal to `byte`.
    @inlinable @inline(__always)
    public static func equal(to byte: UInt8, in word: UInt64) -> UInt64 {
        let zeros = word ^ 0x0101_0101_0101_0101 &* UInt64(byte)
        return (zeros &- 0x0101_0101_0101_0101) & ~zeros & 0x8080_8080_8080_8080
    }

    /// Matches bytes below 0x20: control characters.
    @inlinable @inline(__always)
    public static func controls(in word: UInt64) -> UInt64 {
        (word &- 0x2020_2020_2020_2020) & ~word & 0x8080_8080_8080_8080
    }

    /// Whether both buffers have the same bytes, compared eight at a time. (`==` of slices compares single bytes.)
    ///
    /// The compiler turns a literal into constants to compare with, without a call.
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

    /// Whether a search has a match in some bytes. The last word is padded with `A`.
    @inlinable
    public static func any(in bytes: ArraySlice<UInt8>, _ search: (UInt64) -> UInt64) -> Bool {
        unsafe bytes.withUnsafeBytes { bytes in
            var offset = 0
            while offset + 8 <= bytes.count {
                let word = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                if search(word) != 0 { return true }
                offset += 8
            }
            guard offset < bytes.count else { return false }
            var word: UInt64 = 0x4141_4141_4141_4141
            while offset < bytes.count {
                word = unsafe word << 8 | UInt64(bytes[offset])
                offset += 1
            }
            return search(word) != 0
        }
    }
}

extension ArraySlice<UInt8> {
    /// Whether the bytes are equal, compared eight at a time; `==` compares single bytes.
    @inlinable
    public func bytesEqual(_ other: ArraySlice<UInt8>) -> Bool {
        unsafe withUnsafeBytes { left in
            unsafe other.withUnsafeBytes { right in unsafe ByteSearch.bytesEqual(left, right) }
        }
    }
}
