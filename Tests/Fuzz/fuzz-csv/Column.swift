import Files
import Formats
import FuzzKit

@testable import Subscribers

/// The result of reading the id column.
struct Column: Equatable {
    struct Row: Equatable {
        var line: Int
        /// The reason that it cannot be an id; nil for text.
        var problem: RejectionReason?
        var value: [UInt8]
    }

    var rows: [Row] = []
    var layout: Layout?
    var warnings: [String] = []
    /// The reason that the file is refused.
    var error: String?

    /// The part of the layout that describes the column.
    struct Layout: Equatable {
        var column: Int
        var name: String
        var hasHeader: Bool
    }

    init(_ file: CSVFile, pieces: [Int] = [.max]) {
        do {
            let reader = try CSVReader(Pieces(file.content, sizes: pieces), options: file.options)
            layout = Layout(
                column: reader.layout.column, name: reader.layout.columnName, hasHeader: reader.layout.hasHeader)
            warnings = try reader.read { cell, line in
                switch cell {
                case .text(let value): rows.append(Row(line: line, problem: nil, value: Array(value)))
                case .unusable(let reason, let value):
                    rows.append(Row(line: line, problem: reason, value: Array(value)))
                case .number, .blob: broken("a file has neither numbers nor BLOBs")
                }
            }
        } catch let error as SourceError {
            self.error = error.description
        } catch let error as GzipError {
            self.error = error.description
        } catch {
            broken("unexpected error: \(error)")
        }
    }
}

extension CSVFile {
    func checkColumn() {
        let column = Column(self)
        var other = Column(self, pieces: pieces)
        if column.error != nil {
            // The number of rows before the damage in compressed data depends on the pieces.
            expect(zip(column.rows, other.rows).allSatisfy { $0 == $1 }, "the rows depend on the pieces")
            other.rows = column.rows
        }
        expect(column == other, "in pieces it is \(other) and not \(column)")
        expect(column.error != "", "the error has no text")
        for (one, next) in zip(column.rows, column.rows.dropFirst()) {
            expect(one.line < next.line, "line \(next.line) comes after \(one.line)")
        }
        for row in column.rows where row.problem == nil { row.checkValidation() }
        if column.error == nil { check(column) }
    }

    /// Checks that the value of each row is the cell of the id column in the record on its line.
    ///
    /// This checks only files without quotes, whose fields can be found without a CSV reader.
    private func check(_ column: Column) {
        guard let layout = column.layout else { broken("a file is read without a layout") }
        let quoteless = !content.contains(UInt8(ascii: "\"")) && !content.starts(with: GzipReader.magic)
        guard quoteless, content.count < 1 << 16, !content.prefix(16).map({ $0 | 0x20 }).starts(with: "sep".utf8) else {
            return
        }
        let isMarked = content.starts(with: [0xEF, 0xBB, 0xBF])
        let text = Array(content.dropFirst(isMarked ? 3 : 0))
        guard let delimiter = try? options.delimiter ?? CSVDelimiter.detect(in: text[...], options: options) else {
            broken("the file is read though its delimiter is ambiguous")
        }
        let lines = Dictionary(Self.lines(text).map { ($0.number, $0.bytes) }, uniquingKeysWith: { first, _ in first })
        for row in column.rows where row.problem == nil {
            guard let line = lines[row.line] else { broken("there is no line \(row.line)") }
            let fields = line.split(separator: delimiter, omittingEmptySubsequences: false)
            guard layout.column < fields.count else { broken("line \(row.line) has no column \(layout.column)") }
            // Of many blanks before an id only some are in the row.
            let (cell, id) = (IDWhitespace.trim(fields[layout.column]), IDWhitespace.trim(row.value[...]))
            expect(cell.elementsEqual(id), "\(row) is not of column \(layout.column)")
        }
    }

    private static func lines(_ text: [UInt8]) -> [(number: Int, bytes: ArraySlice<UInt8>)] {
        var lines: [(number: Int, bytes: ArraySlice<UInt8>)] = []
        var start = 0
        var index = 0
        while index < text.count {
            if text[index] == 0x0A || text[index] == 0x0D {
                lines.append((lines.count + 1, text[start..<index]))
                if text[index] == 0x0D, index + 1 < text.count, text[index + 1] == 0x0A { index += 1 }
                start = index + 1
            }
            index += 1
        }
        if start < text.count { lines.append((lines.count + 1, text[start...])) }
        return lines
    }
}

extension Column.Row {
    /// Checks with a second implementation of the rules that an accepted id is text on one line.
    fileprivate func checkValidation() {
        let id = IDWhitespace.trim(value[...])
        let text = String(validating: id, as: UTF8.self)
        let reason: RejectionReason? =
            if id.isEmpty {
                .blank
            } else if id.count > 128 {
                .idTooLong
            } else if let text {
                text.unicodeScalars.contains { $0.properties.generalCategory == .control } ? .controlCharacter : nil
            } else {
                .badUTF8
            }
        expect(RejectionReason(validating: id) == reason, "\(value) is not validated as \(reason as Any)")
        if reason == nil, IDForm(id).hasForm { expect(id.allSatisfy { $0 < 0x80 }, "\(id) has the form of an id") }
        _ = CellKind(id.isEmpty ? [0x61] : id)
    }
}
