/// A place in some bytes, moved on by what is found there: for text whose shape is known before it is read.
@safe
public struct ByteCursor {
    @usableFromInline let bytes: UnsafeRawBufferPointer
    /// Bytes passed over.
    public var offset = 0

    /// `bytes`: stay where they are for as long as the cursor is used. An array would be looked after at every step.
    @inlinable @unsafe
    public init(_ bytes: UnsafeRawBufferPointer) { unsafe self.bytes = bytes }

    /// Whether all bytes were passed over.
    @inlinable public var isAtEnd: Bool { unsafe offset == bytes.count }

    /// The byte at hand; 0 at the end.
    @inlinable public var next: UInt8 { unsafe offset < bytes.count ? bytes[offset] : 0 }

    /// Passes over some characters if they stand here.
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

    /// Passes over one byte if it stands here.
    @inlinable @inline(__always)
    public mutating func take(byte: UInt8) -> Bool {
        guard next == byte, !isAtEnd else { return false }
        offset += 1
        return true
    }

    /// Digits, as many as fit 64 bits whatever they are; no leading zeros, no sign, no fraction.
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

    /// What stands in a JSON string from here to its closing quote, which is passed over, too.
    ///
    /// Plain: ASCII without escapes and control characters.
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
