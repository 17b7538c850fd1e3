/// Which characters UTF-8 text contains.
public enum PlainText {
    /// Whether all characters are printable ASCII, as in nearly every id.
    @inlinable
    public static func isPrintableASCII(_ text: ArraySlice<UInt8>) -> Bool {
        unsafe text.withUnsafeBytes { bytes in
            var largest: UInt8 = 0
            // Without an early exit, so that the compiler can vectorize the loop.
            for index in 0..<bytes.count { unsafe largest = max(largest, bytes[index] &- 0x20) }
            return largest < 0x5F
        }
    }

    /// Whether there is a control character: C0, DEL, or C1 in its UTF-8 form.
    public static func hasControlCharacter(_ text: ArraySlice<UInt8>) -> Bool {
        var previous: UInt8 = 0
        for byte in text {
            if byte < 0x20 || byte == 0x7F || (previous == 0xC2 && byte < 0xA0) { return true }
            previous = byte
        }
        return false
    }
}
