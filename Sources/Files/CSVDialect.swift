import Model

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

    /// The index of the next line end, quote or delimiter; `end` if there is none before it.
    @unsafe
    func nextSpecial(in bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Int {
        var index = start
        while index + 8 <= end {
            let word = unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let special =
                ByteSearch.equal(to: 0x0A, in: word) | ByteSearch.equal(to: 0x0D, in: word)
                | ByteSearch.equal(to: UInt8(ascii: "\""), in: word) | ByteSearch.equal(to: delimiter, in: word)
            if special != 0 { return index + special.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < end, unsafe !isSpecial(bytes[index]) { index += 1 }
        return index
    }
}

/// A quote was opened and the file ended.
package struct UnterminatedQuote: Error, Sendable, Equatable {
    /// The physical line of the opening quote.
    package var line: Int
}
