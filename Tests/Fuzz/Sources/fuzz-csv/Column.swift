import Files
import FuzzKit

@testable import Subscribers

/// What reading the id column gives.
struct Column: Equatable {
    struct Row: Equatable {
        var line: Int
        /// Why it cannot hold an id.
        var problem: RejectionReason?
        var value: [UInt8]
    }

    var rows: [Row] = []
    /// Its name or position; nil where the file is refused.
    var name: String?
    var sourceError: SourceError?
    var gzipError: GzipError?

    init(_ file: CSVFile, pieces: [Int] = [.max]) {
        do {
            name = try CSVColumn(file.options).read(Pieces(file.content, sizes: pieces)) { cell, line in
                switch cell {
                case .text(let value): rows.append(Row(line: line, problem: nil, value: Array(value)))
                case .unusable(let reason, let value):
                    rows.append(Row(line: line, problem: reason, value: Array(value)))
                }
            }
        } catch let error as SourceError {
            sourceError = error
        } catch let error as GzipError {
            gzipError = error
        } catch {
            broken("another error: \(error)")
        }
    }
}

extension CSVFile {
    func checkColumn() {
        let column = Column(self)
        var other = Column(self, pieces: pieces)
        if column.name == nil {
            // How many rows came before the damage of compressed data depends on the pieces.
            expect(zip(column.rows, other.rows).allSatisfy { $0 == $1 }, "other rows in pieces")
            other.rows = column.rows
        }
        expect(column == other, "in pieces it is \(other) and not \(column)")
        for (one, next) in zip(column.rows, column.rows.dropFirst()) {
            expect(one.line < next.line, "line \(next.line) comes after \(one.line)")
        }
        var (accepted, rejected) = (0, 0)
        for row in column.rows {
            if row.problem != nil || row.isRejected { rejected += 1 } else { accepted += 1 }
        }
        if let error = column.sourceError { check(error) }
        if let name = column.name {
            check(column.rows, of: name, count: accepted + rejected)
        }
    }

    /// What a file in memory can be refused for.
    private func check(_ error: SourceError) {
        switch error {
        case .empty, .looksLikeUTF16, .unterminatedQuote, .noSuchColumn, .ambiguousColumn, .needsColumn,
            .positionNeeded, .ambiguousDelimiter, .compressedDatabase:
            expect(!error.description.isEmpty, "it says nothing")
        case .noText:
            let isPlain = !content.starts(with: GzipReader.magic)
            let controls = content.count { $0 < 0x20 && ![0x09, 0x0A, 0x0D].contains($0) }
            expect(!isPlain || controls >= 32, "it is text with \(controls) control characters")
        default: broken("another error: \(error)")
        }
        if case .needsColumn = error { expect(options.column == nil, "a column is given: \(error)") }
        if case .ambiguousDelimiter = error { expect(options.delimiter == nil, "a delimiter is given: \(error)") }
    }

    /// The rows are the records but for a header, and what they hold is what stands in the column.
    private func check(_ rows: [Column.Row], of name: String, count: Int) {
        guard !content.starts(with: GzipReader.magic) else { return }
        let isMarked = content.starts(with: [0xEF, 0xBB, 0xBF])
        let text = Array(content.dropFirst(isMarked ? 3 : 0))
        var records = Records(text, delimiter: delimiter(of: text.prefix((1 << 16) - (isMarked ? 3 : 0)))).all
        guard let first = records.firstIndex(where: { !$0.isBlank }) else { broken("a file of nothing is read") }
        expect([0, 1].contains(records.count - count), "\(count) rows in \(records.count) records")
        let cells = records[first].fields.map { String(decoding: trimmed($0), as: UTF8.self) }
        let known = cells.indices.filter { SourceOptions.knownColumns.contains(cells[$0].lowercasedASCII) }
        let named = cells.indices.filter { cells[$0] == options.column }
        let place = named.first ?? options.column.flatMap { Int($0) }.map { $0 - 1 }
        let hasHeader = records.count > count
        if hasHeader {
            expect(!options.noHeader && !(known + named).isEmpty, "\(cells) is no header")
            records.remove(at: first)
        } else {
            expect(options.noHeader || (known + named).isEmpty, "\(cells) is a header")
            expect(name == options.column ?? "1", "the column is called \(name)")
        }
        let places = (place.map { [$0] } ?? (known.isEmpty || options.noHeader ? [0] : known)).filter {
            !hasHeader || cells[$0] == name
        }
        guard places.count == 1 else { broken("the column is one of \(places)") }
        for (record, row) in zip(records, rows) { row.check(record, at: places[0]) }
    }

    private func delimiter(of head: ArraySlice<UInt8>) -> UInt8 {
        if let given = options.delimiter { return given }
        do {
            let found = try CSVDelimiter.found(in: head, options: options)
            expect(",;\t|".utf8.contains(found), "\(found) is found as the delimiter")
            return found
        } catch {
            broken("no delimiter: \(error)")
        }
    }
}

extension Column.Row {
    /// The row is what the record holds in the column, or says why it holds nothing there.
    fileprivate func check(_ record: Records.Record, at place: Int) {
        expect(line == record.line, "line \(line) is \(record.line)")
        let isMissing = record.fields.count <= place
        let expected: RejectionReason? =
            switch record.problem {
            case .badQuoting: .badQuoting
            case .tooLong: .lineTooLong
            case nil: record.isBlank ? .blank : isMissing ? .missingField : nil
            }
        expect(problem == expected, "\(record) is \(self)")
        if problem == nil { expect(value == record.fields[place], "\(self) is not of \(record)") }
    }

    /// Whether it holds no id, for a reason that holds.
    fileprivate var isRejected: Bool {
        let id = trimmed(value)
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
        let judged = RejectionReason(judging: Blanks.trim(value[...]))
        expect(judged == reason, "\(value) is judged \(judged as Any)")
        return judged != nil
    }
}

/// Without the blanks and tabs around it.
private func trimmed(_ cell: [UInt8]) -> [UInt8] {
    let rest = cell.drop { $0 == 0x20 || $0 == 0x09 }
    return rest.reversed().drop { $0 == 0x20 || $0 == 0x09 }.reversed()
}
