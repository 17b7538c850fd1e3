import Files

/// Finds the delimiter of a CSV file by looking at its first line.
enum CSVDelimiter {
    private static let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|")]

    /// The candidate under which the first line names the id column; where none does, the one that the line holds most
    /// often outside quotes.
    ///
    /// A wrong guess could take half a line for an id. So a column that is given by position only, on a line that more
    /// than one candidate cuts, is an error: nothing tells which is meant.
    static func found(in head: ArraySlice<UInt8>, options: SourceOptions) throws -> UInt8 {
        let line = firstLine(of: head)
        let present = candidates.map { (byte: $0, count: occurrences(of: $0, in: line)) }.filter { $0.count > 0 }
            .sorted { $0.count > $1.count }
        guard present.count > 1 else { return present.first?.byte ?? candidates[0] }
        let wanted = Set(options.column.map { [$0] } ?? []).union(SourceOptions.knownColumns)
        if !options.noHeader, let telling = present.first(where: { names(in: line, cutAt: $0.byte, has: wanted) }) {
            return telling.byte
        }
        guard options.column == nil else { throw SourceError.ambiguousDelimiter(name: options.name) }
        return present[0].byte
    }

    private static func firstLine(of head: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let text = head.drop { $0 == 0x0A || $0 == 0x0D }
        var inQuotes = false
        return text.prefix { byte in
            if byte == UInt8(ascii: "\"") { inQuotes.toggle() }
            return inQuotes || (byte != 0x0A && byte != 0x0D)
        }
    }

    private static func occurrences(of delimiter: UInt8, in line: ArraySlice<UInt8>) -> Int {
        var inQuotes = false
        return line.count { byte in
            if byte == UInt8(ascii: "\"") { inQuotes.toggle() }
            return !inQuotes && byte == delimiter
        }
    }

    private static func names(in line: ArraySlice<UInt8>, cutAt delimiter: UInt8, has wanted: Set<String>) -> Bool {
        line.split(separator: delimiter, omittingEmptySubsequences: false).contains { cell in
            let bare = Blanks.trim(cell).filter { $0 != UInt8(ascii: "\"") }
            let name = String(decoding: bare, as: UTF8.self)
            return wanted.contains(name) || wanted.contains(name.lowercasedASCII)
        }
    }
}
