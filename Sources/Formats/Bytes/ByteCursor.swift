/// A position in a buffer that advances over expected text: for text whose shape is known before it is read.
@safe
public struct ByteCursor {
    @usableFromInline let bytes: UnsafeRawBufferPointer
    /// The number of bytes already read.
    public var offset = 0

    /// Starts at the first byte.
    ///
    /// - Parameter bytes: must stay valid while the cursor is used. An array would be retained and released at every
    ///   step.
    @inlinable @unsafe
    public init(_ bytes: UnsafeRawBufferPointer) { unsafe self.bytes = bytes }

    /// Whether all bytes were read.
    @inlinable public var isAtEnd: Bool { unsafe offset == bytes.count }

    /// The next byte; 0 at the end.
    @inlinable public var next: UInt8 { unsafe offset < bytes.count ? bytes[offset] : 0 }

    /// Skips the characters if they come next.
    @inlinable @inline(__always)
    public mutating func take(_ characters: StaticString) -> Bool {
        let length = characters.utf8CodeUnitCount
        guard unsafe length <= bytes.count - offset,
            unsafe ByteSearch.bytesEqual(
                UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length]),
                UnsafeRawBufferPointer(start: characters.utf8Start, count: length))
        else { return false }
        offset += length
        return true
    }

    /// Skips the byte if it comes next.
    @inlinable @inline(__always)
    public mutating func take(byte: UInt8) -> Bool {
        guard next == byte, !isAtEnd else { return false }
        offset += 1
        return true
    }

    /// Reads an integer of at most 18 digits, which always fits 64 bits, without leading zeros, sign or fraction.
    @inlinable
    public mutating func integer() -> Int64? {
        let start = offset
        var value: Int64 = 0
        while case let digit = next &- 0x30, digit < 10 {
            guard offset - start < 18 else { return nil }
            value = value * 10 + Int64(digit)
            offset += 1
        }
        guard offset > start, unsafe offset == start + 1 || bytes[start] != 0x30 else { return nil }
        return value
    }

    /// Reads the rest of a JSON string and its closing quote.
    ///
    /// - Returns: the offsets of the content, and whether it is plain: ASCII without escapes and control characters;
    ///   nil if there is no closing quote.
    @inlinable
    public mutating func restOfString() -> (content: Range<Int>, isPlain: Bool)? {
        let start = offset
        var isPlain = true
        while unsafe offset < bytes.count {
            if unsafe offset + 8 <= bytes.count {
                let word = unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                let special =
                    ByteSearch.equal(to: UInt8(ascii: "\""), in: word)
                    | ByteSearch.equal(to: UInt8(ascii: "\\"), in: word)
                    | ByteSearch.controls(in: word) | word & 0x8080_8080_8080_8080
                offset += special.trailingZeroBitCount / 8
                if special == 0 { continue }
            }
            let byte = next
            offset += 1
            if byte == UInt8(ascii: "\"") { return (start..<offset - 1, isPlain) }
            if byte == UInt8(ascii: "\\") { offset += 1 }
            if byte < 0x20 || byte >= 0x80 || byte == UInt8(ascii: "\\") { isPlain = false }
        }
        return nil
    }
}
