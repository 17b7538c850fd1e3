/// How the fields of a CSV file are written.
package struct CSVDialect: Sendable, Equatable {
    package var delimiter: UInt8
    /// Whether a backslash in a quoted field escapes the next byte, as MySQL's `INTO OUTFILE` writes it.
    package var hasBackslashEscapes = false
    /// Whether blanks and a byte order mark are allowed between a delimiter and a quote.
    package var allowsBlanksAroundQuotes = false

    package init(delimiter: UInt8) { self.delimiter = delimiter }

    /// Whether a byte ends an unquoted field, or starts a quoted one.
    func isSpecial(_ byte: UInt8) -> Bool {
        byte == 0x0A || byte == 0x0D || byte == UInt8(ascii: "\"") || byte == delimiter
    }

    /// Passes the index of each line end, quote and delimiter to `visit`, until that returns false.
    @inline(__always) @unsafe
    func forEachSpecial(in bytes: UnsafeRawBufferPointer, from start: Int, to end: Int, _ visit: (Int) -> Bool) {
        var index = start
        while index + 8 <= end {
            let word = unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            var special =
                ByteSearch.equal(to: 0x0A, in: word) | ByteSearch.equal(to: 0x0D, in: word)
                | ByteSearch.equal(to: UInt8(ascii: "\""), in: word) | ByteSearch.equal(to: delimiter, in: word)
            while special != 0 {
                let found = index + special.trailingZeroBitCount / 8
                special &= special &- 1
                // Only the lowest match is certain (`ByteSearch`).
                if unsafe isSpecial(bytes[found]), !visit(found) { return }
            }
            index += 8
        }
        while index < end {
            if unsafe isSpecial(bytes[index]), !visit(index) { return }
            index += 1
        }
    }
}

/// The file ends inside a quoted field.
package struct UnterminatedQuote: Error, Sendable, Equatable {
    /// The physical line of the opening quote.
    package var line: Int
}
