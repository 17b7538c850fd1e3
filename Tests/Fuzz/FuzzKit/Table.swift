/// A simple CSV parser after RFC 4180, with which the product's reader is compared.
///
/// It reads the whole text at once, field by field; a line ends with LF, CR or CR LF.
package struct Table {
    package struct Record: Equatable {
        /// The line on which the record starts, from 1.
        package var line: Int
        package var fields: [[UInt8]]
    }

    /// The records before the first that breaks a rule.
    package private(set) var records: [Record] = []
    /// Whether no record breaks a rule.
    package private(set) var isWhole = true

    /// - Parameters:
    ///   - text: the bytes of the file.
    ///   - delimiter: not a quote, LF or CR.
    package init(_ text: [UInt8], delimiter: UInt8) {
        var line = 1
        var offset = 0
        while offset < text.count {
            var reader = Reader(text: text, delimiter: delimiter, offset: offset)
            guard let fields = reader.record() else {
                isWhole = false
                return
            }
            records.append(Record(line: line, fields: fields))
            line += Self.lineEnds(in: text[offset..<reader.offset])
            offset = reader.offset
        }
    }

    private static func lineEnds(in text: ArraySlice<UInt8>) -> Int {
        let all = text.count { $0 == 0x0A || $0 == 0x0D }
        return all - zip(text, text.dropFirst()).count { $0 == (0x0D, 0x0A) }
    }

    private struct Reader {
        var text: [UInt8]
        var delimiter: UInt8
        var offset: Int

        /// The next record; nil if it breaks a rule.
        mutating func record() -> [[UInt8]]? {
            var fields: [[UInt8]] = []
            while true {
                let field = next == quote ? quotedField() : bareField()
                guard let field else { return nil }
                fields.append(field)
                switch next {
                case nil: return fields
                case delimiter: offset += 1
                case 0x0A:
                    offset += 1
                    return fields
                case 0x0D:
                    offset += 1
                    if next == 0x0A { offset += 1 }
                    return fields
                default: return nil
                }
            }
        }

        private let quote = UInt8(ascii: "\"")

        private var next: UInt8? { offset < text.count ? text[offset] : nil }

        private mutating func bareField() -> [UInt8]? {
            var field: [UInt8] = []
            while let byte = next, byte != delimiter, byte != 0x0A, byte != 0x0D {
                if byte == quote { return nil }
                field.append(byte)
                offset += 1
            }
            return field
        }

        private mutating func quotedField() -> [UInt8]? {
            var field: [UInt8] = []
            offset += 1
            while let byte = next {
                offset += 1
                if byte == quote {
                    if next != quote { return field }
                    offset += 1
                }
                field.append(byte)
            }
            return nil
        }

        init(text: [UInt8], delimiter: UInt8, offset: Int) {
            self.text = text
            self.delimiter = delimiter
            self.offset = offset
        }
    }
}
