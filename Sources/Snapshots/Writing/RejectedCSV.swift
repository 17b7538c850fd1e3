import Files
import Formats
import Model

/// Writes `rejected.csv`: the rejected rows of the source, with line and reason.
///
/// After 100,000 rows of the file, each further reason gets one row without line and value, so that a source without
/// valid rows does not fill the disk.
package struct RejectedCSV {
    static let fileName = SnapshotFile.rejected.rawValue
    static let columns = ["line", "reason", "value", "rows"]
    /// The columns of version 0.1, which wrote one row for each row of the source.
    static let formerColumns = ["line", "reason", "value"]

    private let path: String
    private let limit: Int
    private var file: OutputFile?
    /// Rows of the file.
    package private(set) var count = 0
    /// Reasons of rows beyond the limit, in order of their first row.
    private var rest: [RunSummary.RejectedCount] = []

    /// The file is created with its first row.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - limit: the maximum number of rows with a line and a value.
    package init(path: String, limit: Int = 100_000) {
        self.path = path
        self.limit = limit
    }

    /// Adds consecutive rows of the source with the same reason.
    ///
    /// - Parameters:
    ///   - line: the first physical line of the first record, or the number of the database row.
    ///   - reason: a name of `RejectionReason`.
    ///   - value: the bytes of the cell.
    ///   - rows: the number of rows.
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
        try write([String(line), reason, Self.escaped(value), String(rows)])
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

    /// The cell as text: bytes that are not printable UTF-8 as `\xNN`, at most 200 bytes in total.
    static func escaped(_ value: [UInt8]) -> String {
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

    /// The maximum length of a value in bytes.
    private static let valueLimit = 200

    /// The first character; nil if it is not printable UTF-8.
    private static func firstCharacter(of bytes: ArraySlice<UInt8>) -> (text: String, length: Int)? {
        var decoder = UTF8()
        var iterator = bytes.prefix(4).makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return nil }
        let isControl = scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
        return isControl ? nil : (String(Character(scalar)), UTF8.width(scalar))
    }
}

extension RejectedCSV {
    /// Reads a file of rejected rows.
    ///
    /// - Parameter path: the file.
    /// - Returns: the number of rows of the file, and the number of rows of the source by reason.
    /// - Throws: `DamagedSnapshot` if the file is malformed; `FileError`.
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
                throw DamagedSnapshot("\(fileName): row \(rows) is malformed")
            }
            source.reject(fields[1], rows: number)
        }
        return (rows, source.rejected)
    }
}
