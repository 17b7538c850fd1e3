import Files
import Formats
import Model

/// Writes `rejected.csv`: the rows of the source that yielded no id, with where they stand and why.
///
/// After 100,000 rows of the file, each further reason is one row without line and value, so that a source of nothing but
/// rejects does not fill the disk.
package struct RejectedCSV {
    static let fileName = SnapshotFile.rejected.rawValue
    static let columns = ["line", "reason", "value", "rows"]
    /// The columns of version 0.1, of which each row is one of the source.
    static let formerColumns = ["line", "reason", "value"]

    private let path: String
    private let limit: Int
    private var file: OutputFile?
    /// Rows of the file.
    package private(set) var count = 0
    /// Reasons beyond the limit, in the order they came, with their rows.
    private var rest: [RunSummary.RejectedCount] = []

    /// The file is made with its first row.
    ///
    /// `limit`: rows of the file with a line and a value.
    package init(path: String, limit: Int = 100_000) {
        self.path = path
        self.limit = limit
    }

    /// Adds rows of the source that follow one another with the same reason.
    ///
    /// - Parameters:
    ///   - line: the first physical line of the first record, or the number of the database row.
    ///   - reason: a name of `RejectionReason`.
    ///   - value: the cell's bytes, whatever they are.
    ///   - rows: how many rows they are.
    /// - Throws: `FileError`.
    package mutating func append(line: Int, reason: String, value: [UInt8], rows: Int) throws {
        guard count < limit else {
            if let index = rest.firstIndex(where: { $0.reason == reason }) {
                rest[index].rows += rows
            } else {
                rest.append(.init(reason: reason, rows: rows))
            }
            return
        }
        try write([String(line), reason, Self.shown(value), String(rows)])
    }

    package mutating func finish() throws {
        for reason in rest { try write(["", reason.reason, "", String(reason.rows)]) }
        rest = []
        try file?.finish()
    }

    private mutating func write(_ fields: [String]) throws {
        let file = try file ?? OutputFile(creating: path)
        if self.file == nil { try file.write(CSVText.record(Self.columns)) }
        self.file = file
        try file.write(CSVText.record(fields))
        count += 1
    }

    /// The cell as text: bytes that are not printable UTF-8 as `\xNN`, at most 200 bytes in all.
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
            guard out.utf8.count + piece.utf8.count <= valueLimit else { break }
            out += piece
            rest = rest.dropFirst(length)
        }
        return out
    }

    /// Bytes.
    private static let valueLimit = 200

    /// The printable character at the start, if the bytes there are one.
    private static func firstCharacter(of bytes: ArraySlice<UInt8>) -> (text: String, length: Int)? {
        var decoder = UTF8()
        var iterator = bytes.prefix(4).makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return nil }
        let isControl = scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
        return isControl ? nil : (String(Character(scalar)), UTF8.width(scalar))
    }
}

extension RejectedCSV {
    /// What a file of rejected rows says: its rows, and the rows of the source by reason.
    /// - Throws: `DamagedSnapshot` if it is not as a run writes it, `FileError`.
    static func read(_ path: String) throws -> (rows: Int, rejected: [RunSummary.RejectedCount]) {
        var records = RecordReader(try InputFile(opening: path), delimiter: UInt8(ascii: ","))
        var source = RunSummary.Source(kind: "", name: "", column: "")
        var columns: [String]?
        var rows = 0
        while try records.next() {
            let fields = (0..<records.fieldCount).map { String(decoding: records.field($0), as: UTF8.self) }
            guard let columns else {
                guard fields == Self.columns || fields == formerColumns else {
                    throw DamagedSnapshot("\(fileName) does not begin with its header")
                }
                columns = fields
                continue
            }
            rows += 1
            let number = fields.count == 4 ? Int(fields[3]) : 1
            guard fields.count == columns.count, let number, number > 0, RunSummary.plausible.contains(number) else {
                throw DamagedSnapshot("\(fileName): row \(rows) is not as a run writes it")
            }
            source.reject(fields[1], rows: number)
        }
        return (rows, source.rejected)
    }
}
