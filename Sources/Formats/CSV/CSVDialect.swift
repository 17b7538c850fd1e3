/// How the fields of a CSV file are written.
package struct CSVDialect: Sendable, Equatable {
    package var delimiter: UInt8
    /// Whether a backslash in a quoted field takes the next byte literally, as MySQL's `INTO OUTFILE` writes it.
    package var hasBackslashEscapes = false
    /// Whether blanks and a byte order mark may stand between a delimiter and a quote.
    package var allowsBlanksAroundQuotes = false

    package init(delimiter: UInt8) { self.delimiter = delimiter }

    /// Whether a byte ends a field without quotes, or begins a quoted one.
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
                // Only the lowest byte that is found is certain to be one (`ByteSearch`).
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

/// A quote was opened and the file ended.
package struct UnterminatedQuote: Error, Sendable, Equatable {
    /// The physical line of the opening quote.
    package var line: Int
}
