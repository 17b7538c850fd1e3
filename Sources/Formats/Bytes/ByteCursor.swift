/// A place in some bytes, moved on by what is found there: for text whose shape is known before it is read.
@safe
public struct ByteCursor {
    @usableFromInline let bytes: UnsafeRawBufferPointer
    /// Bytes passed over.
    public var place = 0

    /// `bytes`: stay where they are for as long as the cursor is used. An array would be looked after at every step.
    @inlinable @unsafe
    public init(_ bytes: UnsafeRawBufferPointer) { unsafe self.bytes = bytes }

    /// Whether all bytes were passed over.
    @inlinable public var isAtEnd: Bool { unsafe place == bytes.count }

    /// The byte at hand; 0 at the end.
    @inlinable public var next: UInt8 { unsafe place < bytes.count ? bytes[place] : 0 }

    /// Passes over some characters if they stand here.
    @inlinable @inline(__always)
    public mutating func take(_ characters: StaticString) -> Bool {
        let length = characters.utf8CodeUnitCount
        guard unsafe length <= bytes.count - place,
            unsafe ByteSearch.areSame(
                UnsafeRawBufferPointer(rebasing: bytes[place..<place + length]),
                UnsafeRawBufferPointer(start: characters.utf8Start, count: length))
        else { return false }
        place += length
        return true
    }

    /// Passes over one byte if it stands here.
    @inlinable @inline(__always)
    public mutating func take(byte: UInt8) -> Bool {
        guard next == byte, !isAtEnd else { return false }
        place += 1
        return true
    }

    /// Digits, as many as fit 64 bits whatever they are; no leading zeros, no sign, no fraction.
    @inlinable
    public mutating func wholeNumber() -> Int64? {
        let start = place
        var value: Int64 = 0
        while case let digit = next &- 0x30, digit < 10 {
            guard place - start < 18 else { return nil }
            value = value * 10 + Int64(digit)
            place += 1
        }
        guard place > start, unsafe place == start + 1 || bytes[start] != 0x30 else { return nil }
        return value
    }

    /// What stands in a JSON string from here to its closing quote, which is passed over, too.
    ///
    /// Plain: ASCII without escapes and control characters.
    @inlinable
    public mutating func restOfString() -> (content: Range<Int>, isPlain: Bool)? {
        let start = place
        var isPlain = true
        while unsafe place < bytes.count {
            if unsafe place + 8 <= bytes.count {
                let word = unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
                let special =
                    ByteSearch.equal(to: UInt8(ascii: "\""), in: word)
                    | ByteSearch.equal(to: UInt8(ascii: "\\"), in: word)
                    | ByteSearch.controls(in: word) | word & 0x8080_8080_8080_8080
                place += special.trailingZeroBitCount / 8
                if special == 0 { continue }
            }
            let byte = next
            place += 1
            if byte == UInt8(ascii: "\"") { return (start..<place - 1, isPlain) }
            if byte == UInt8(ascii: "\\") { place += 1 }
            if byte < 0x20 || byte >= 0x80 || byte == UInt8(ascii: "\\") { isPlain = false }
        }
        return nil
    }
}
