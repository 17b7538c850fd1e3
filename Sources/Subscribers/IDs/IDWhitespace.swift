/// The characters that are trimmed from both ends of a cell: they come from the program that made the list.
///
/// These are blanks of all widths, including the no-break space of web pages, line ends inside quotes, and zero-width
/// characters that editors and messengers insert: byte order mark, zero-width space and joiners, direction marks.
enum IDWhitespace {
    @inline(__always)
    static func trim(_ cell: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let first = cell.first, let last = cell.last else { return cell }
        // Nearly every cell begins and ends with a printable ASCII character.
        if first &- 0x21 < 0x5E, last &- 0x21 < 0x5E { return cell }
        return trimmed(cell)
    }

    private static func trimmed(_ cell: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = cell
        while let length = leadingLength(of: rest) { rest = rest.dropFirst(length) }
        while let length = trailingLength(of: rest) { rest = rest.dropLast(length) }
        return rest
    }

    /// Removes all of these characters except ASCII blanks inside the text, which may belong to it.
    static func removed(from cell: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = trim(cell)
        guard rest.contains(where: { $0 >= 0x80 }) else { return rest }
        var kept: [UInt8] = []
        while let first = rest.first {
            let length = first < 0x80 ? nil : leadingLength(of: rest)
            if length == nil { kept.append(first) }
            rest = rest.dropFirst(length ?? 1)
        }
        return kept[...]
    }

    private static func isASCII(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

    private static func leadingLength(of bytes: ArraySlice<UInt8>) -> Int? {
        guard let first = bytes.first else { return nil }
        if first < 0x80 { return isASCII(first) ? 1 : nil }
        return sequences.first { bytes.starts(with: $0) }?.count
    }

    private static func trailingLength(of bytes: ArraySlice<UInt8>) -> Int? {
        guard let last = bytes.last else { return nil }
        if last < 0x80 { return isASCII(last) ? 1 : nil }
        return sequences.first { bytes.count >= $0.count && bytes.suffix($0.count).elementsEqual($0) }?.count
    }

    /// The UTF-8 of the non-ASCII characters that are trimmed.
    private static let sequences: [[UInt8]] = {
        let blanks: [UInt32] = [0x00A0, 0x1680, 0x202F, 0x205F, 0x3000] + Array(0x2000...0x200A)
        let withoutWidth: [UInt32] =
            [0x00AD, 0x034F, 0x180E, 0xFEFF] + Array(0x200B...0x200F) + Array(0x202A...0x202E)
            + Array(0x2060...0x2064) + Array(0x2066...0x2069)
        return (blanks + withoutWidth).compactMap(Unicode.Scalar.init).map { Array(String(Character($0)).utf8) }
    }()
}
