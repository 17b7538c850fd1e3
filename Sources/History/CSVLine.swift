/// One record of a CSV file in memory. A quoted cell may contain line ends.
struct CSVLine {
    private(set) var cells: [[UInt8]] = []
    /// The index after the line end of the record.
    private(set) var end: Int

    /// Parses the record at `start`; nil if there is text after a closing quote, or a quote is never closed.
    init?(_ text: ArraySlice<UInt8>, at start: Int, delimiter: UInt8) {
        let quote = UInt8(ascii: "\"")
        end = start
        while true {
            var cell: [UInt8] = []
            if end < text.endIndex, text[end] == quote {
                end += 1
                while true {
                    guard let next = text[end...].firstIndex(of: quote) else { return nil }
                    cell += text[end..<next]
                    end = next + 1
                    guard end < text.endIndex, text[end] == quote else { break }
                    cell.append(quote)
                    end += 1
                }
            } else {
                let rest = text[end...]
                let next = rest.firstIndex { $0 == delimiter || $0 == 0x0A || $0 == 0x0D } ?? text.endIndex
                cell += text[end..<next]
                end = next
            }
            cells.append(cell)
            guard end < text.endIndex else { return }
            switch text[end] {
            case delimiter: end += 1
            case 0x0A:
                end += 1
                return
            case 0x0D:
                end += end + 1 < text.endIndex && text[end + 1] == 0x0A ? 2 : 1
                return
            default: return nil
            }
        }
    }
}

extension [UInt8] {
    /// The bytes as text, without leading and trailing blanks.
    var trimmedText: String { String(decoding: self, as: UTF8.self).trimmingBlanks }
}

extension String {
    /// The text without leading and trailing blanks.
    var trimmingBlanks: String {
        let blanks: Set<Character> = [" ", "\t", "\u{A0}"]
        let head = drop { blanks.contains($0) }
        return String(head.reversed().drop { blanks.contains($0) }.reversed())
    }
}
