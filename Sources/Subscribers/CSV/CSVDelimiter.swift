/// Detects the delimiter of a CSV file from its first lines.
enum CSVDelimiter {
    private static let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|")]

    /// The candidate by which the first line names the id column; otherwise the one that occurs most often in that line
    /// outside quotes; if none occurs, the one that most of the following lines contain.
    ///
    /// A wrong delimiter could make half a line an id. So it throws if the column is given by position and several
    /// candidates occur in the first line.
    static func detect(in head: ArraySlice<UInt8>, options: SourceOptions) throws(SourceError) -> UInt8 {
        let line = firstLine(of: head)
        let present = candidates.map { (byte: $0, count: occurrences(of: $0, in: line)) }.filter { $0.count > 0 }
            .sorted { $0.count > $1.count }
        guard let most = present.first else { return majorityDelimiter(in: head) ?? candidates[0] }
        let isNamed = present.contains { names(in: line, dividedBy: $0.byte, contain: options.column) }
        if !options.noHeader, options.column == nil, !isNamed, let below = headerDelimiter(in: head) { return below }
        guard present.count > 1 else { return most.byte }
        if !options.noHeader {
            let match = present.first { names(in: line, dividedBy: $0.byte, contain: options.column) }
            if let match { return match.byte }
        }
        guard options.column == nil else { throw .ambiguousDelimiter(name: options.name) }
        return most.byte
    }

    /// The candidate that occurs in more than half of the lines below the first, which may be a title above the table.
    private static func majorityDelimiter(in head: ArraySlice<UInt8>) -> UInt8? {
        let lines = head.split(maxSplits: lineLimit + 1) { $0 == 0x0A || $0 == 0x0D }.dropFirst().prefix(lineLimit)
        let counts = candidates.map { candidate in
            (byte: candidate, lines: lines.count { occurrences(of: candidate, in: $0) > 0 })
        }
        let most = counts.max { $0.lines < $1.lines }
        return most.flatMap { $0.lines * 2 > lines.count ? $0.byte : nil }
    }

    /// The candidate by which one of the next 20 lines is a header, if the first line is a title.
    private static func headerDelimiter(in head: ArraySlice<UInt8>) -> UInt8? {
        for line in head.split(maxSplits: 21, whereSeparator: { $0 == 0x0A || $0 == 0x0D }).dropFirst().prefix(20) {
            let match = candidates.first { candidate in
                occurrences(of: candidate, in: line) > 0 && names(in: line, dividedBy: candidate, contain: nil)
            }
            if let match { return match }
        }
        return nil
    }

    private static let lineLimit = 100

    private static func firstLine(of head: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let text = head.drop { $0 == 0x0A || $0 == 0x0D }
        var inQuotes = false
        return text.prefix { byte in
            if byte == UInt8(ascii: "\"") { inQuotes.toggle() }
            return inQuotes || (byte != 0x0A && byte != 0x0D)
        }
    }

    private static func occurrences(of delimiter: UInt8, in line: ArraySlice<UInt8>) -> Int {
        // A TAB at the end of a line is a blank after its only cell, unless the line also has one inside.
        let line = delimiter == 0x09 ? IDWhitespace.trim(line) : line
        var inQuotes = false
        return line.count { byte in
            if byte == UInt8(ascii: "\"") { inQuotes.toggle() }
            return !inQuotes && byte == delimiter
        }
    }

    private static func names(
        in line: ArraySlice<UInt8>,
        dividedBy delimiter: UInt8,
        contain column: String?
    ) -> Bool {
        line.split(separator: delimiter, omittingEmptySubsequences: false).contains { cell in
            let bare = cell.filter { $0 != UInt8(ascii: "\"") }[...]
            if ColumnName.isKnown(bare) { return true }
            return column.map { IDWhitespace.trim(bare).elementsEqual($0.utf8) } ?? false
        }
    }
}
