/// CSV by the letter of RFC 4180, read in the plainest way: what the product's reader is compared with.
///
/// It has the whole text at once and takes one field after the other; a line end is LF, CR or CR-LF.
package struct Table {
    package struct Record: Equatable {
        /// The line it begins on, from 1.
        package var line: Int
        package var fields: [[UInt8]]
    }

    /// The records before the first that breaks a rule.
    package private(set) var records: [Record] = []
    /// Whether none does.
    package private(set) var isWhole = true

    /// `delimiter`: neither a quote nor of a line end.
    package init(_ text: [UInt8], delimiter: UInt8) {
        var line = 1
        var place = 0
        while place < text.count {
            var reader = Reader(text: text, delimiter: delimiter, place: place)
            guard let fields = reader.record() else {
                isWhole = false
                return
            }
            records.append(Record(line: line, fields: fields))
            line += Self.lineEnds(in: text[place..<reader.place])
            place = reader.place
        }
    }

    private static func lineEnds(in text: ArraySlice<UInt8>) -> Int {
        let all = text.count { $0 == 0x0A || $0 == 0x0D }
        return all - zip(text, text.dropFirst()).count { $0 == (0x0D, 0x0A) }
    }

    private struct Reader {
        var text: [UInt8]
        var delimiter: UInt8
        var place: Int

        /// Nil if it breaks a rule.
        mutating func record() -> [[UInt8]]? {
            var fields: [[UInt8]] = []
            while true {
                let field = next == quote ? quotedField() : bareField()
                guard let field else { return nil }
                fields.append(field)
                switch next {
                case nil: return fields
                case delimiter: place += 1
                case 0x0A:
                    place += 1
                    return fields
                case 0x0D:
                    place += 1
                    if next == 0x0A { place += 1 }
                    return fields
                default: return nil
                }
            }
        }

        private let quote = UInt8(ascii: "\"")

        private var next: UInt8? { place < text.count ? text[place] : nil }

        private mutating func bareField() -> [UInt8]? {
            var field: [UInt8] = []
            while let byte = next, byte != delimiter, byte != 0x0A, byte != 0x0D {
                if byte == quote { return nil }
                field.append(byte)
                place += 1
            }
            return field
        }

        private mutating func quotedField() -> [UInt8]? {
            var field: [UInt8] = []
            place += 1
            while let byte = next {
                place += 1
                if byte == quote {
                    if next != quote { return field }
                    place += 1
                }
                field.append(byte)
            }
            return nil
        }

        init(text: [UInt8], delimiter: UInt8, place: Int) {
            self.text = text
            self.delimiter = delimiter
            self.place = place
        }
    }
}
