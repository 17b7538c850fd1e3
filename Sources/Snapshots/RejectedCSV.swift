import Files
package import Model

/// Writes `rejected.csv`: the rows of the source that yielded no id, with where they stand and why.
package struct RejectedCSV {
    static let fileName = "rejected.csv"
    static let columns = ["line", "reason", "value"]

    private let path: String
    private var file: OutputFile?

    /// The file is made with its first row, in the run's work directory.
    package init(in directory: OutputDirectory, run: RunID) {
        path = directory.work(of: run) + "/" + Self.fileName
    }

    /// `line`: the first physical line of the record, or the number of the database row.
    /// `value`: the cell's bytes, whatever they are.
    package mutating func append(line: Int, reason: String, value: [UInt8]) throws {
        let file = try file ?? OutputFile(creating: path)
        if self.file == nil { try file.write(CSVText.record(Self.columns)) }
        self.file = file
        try file.write(CSVText.record([String(line), reason, Self.shown(value)]))
    }

    package func finish() throws { try file?.finish() }

    /// The cell as text: bytes that are no printable UTF-8 as `\xNN`, at most 200 bytes in all.
    static func shown(_ value: [UInt8]) -> String {
        var out = ""
        var rest = value[...]
        while !rest.isEmpty {
            let piece: String
            let length: Int
            if let character = firstCharacter(of: rest) {
                piece = character.text
                length = character.length
            } else {
                let digits = String(rest[rest.startIndex], radix: 16, uppercase: true)
                piece = "\\x" + (digits.count < 2 ? "0" : "") + digits
                length = 1
            }
            guard out.utf8.count + piece.utf8.count <= limit else { break }
            out += piece
            rest = rest.dropFirst(length)
        }
        return out
    }

    /// Bytes.
    private static let limit = 200

    /// The printable character at the start, if the bytes there are one.
    private static func firstCharacter(of bytes: ArraySlice<UInt8>) -> (text: String, length: Int)? {
        var decoder = UTF8()
        var iterator = bytes.prefix(4).makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return nil }
        let isControl = scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
        return isControl ? nil : (String(Character(scalar)), UTF8.width(scalar))
    }
}
