/// Writes CSV (RFC 4180): fields are quoted only where necessary, records end with LF.
package enum CSVText {
    package static func append(_ field: ArraySlice<UInt8>, to out: inout [UInt8]) {
        guard needsQuotes(field) else {
            out.append(contentsOf: field)
            return
        }
        out.append(UInt8(ascii: "\""))
        for byte in field {
            if byte == UInt8(ascii: "\"") { out.append(byte) }
            out.append(byte)
        }
        out.append(UInt8(ascii: "\""))
    }

    private static func needsQuotes(_ field: ArraySlice<UInt8>) -> Bool {
        ByteSearch.any(in: field) { word in
            ByteSearch.equal(to: UInt8(ascii: ","), in: word) | ByteSearch.equal(to: UInt8(ascii: "\""), in: word)
                | ByteSearch.equal(to: 0x0A, in: word) | ByteSearch.equal(to: 0x0D, in: word)
        }
    }

    package static func record(_ fields: [ArraySlice<UInt8>]) -> [UInt8] {
        var out: [UInt8] = []
        for (index, field) in fields.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            append(field, to: &out)
        }
        out.append(0x0A)
        return out
    }

    package static func record(_ fields: [String]) -> [UInt8] {
        record(fields.map { Array($0.utf8)[...] })
    }
}
