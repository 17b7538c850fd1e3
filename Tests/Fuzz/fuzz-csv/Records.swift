import Formats
import FuzzKit
import Subscribers

/// The result of the record reader for a text.
struct Records: Equatable {
    struct Record: Equatable {
        var line: Int
        var fields: [[UInt8]]
        var problem: RecordReader.Problem?
        var isBlank: Bool
    }

    var all: [Record] = []
    /// The line of a quote that is never closed.
    var openQuote: Int?

    init(_ text: [UInt8], delimiter: UInt8, limit: Int = RecordReader.recordLimit, pieces: [Int] = [.max]) {
        var reader = RecordReader(Pieces(text, sizes: pieces), delimiter: delimiter, limit: limit)
        do {
            while try reader.next() {
                let fields = (0..<reader.fieldCount).map { Array(reader.field($0)) }
                all.append(
                    Record(line: reader.line, fields: fields, problem: reader.problem, isBlank: reader.isBlank))
            }
        } catch let quote as UnterminatedQuote {
            openQuote = quote.line
        } catch {
            broken("unexpected error: \(error)")
        }
    }
}

extension CSVFile {
    func checkRecords() {
        let delimiter = options.delimiter ?? UInt8(ascii: ",")
        let records = Records(content, delimiter: delimiter, limit: limit)
        let other = Records(content, delimiter: delimiter, limit: limit, pieces: pieces)
        expect(other == records, "in pieces of \(pieces) it is \(other) and not \(records)")
        records.check(against: Table(content, delimiter: delimiter), limit: limit)
        for (one, next) in zip(records.all, records.all.dropFirst()) {
            expect(one.line < next.line, "line \(next.line) comes after \(one.line)")
        }
        records.checkWritten()
    }
}

extension Records {
    fileprivate func check(against table: Table, limit: Int) {
        expect(all.count >= table.records.count, "\(all.count) records of \(table.records.count)")
        for (record, expected) in zip(all, table.records) {
            expect(record.line == expected.line, "line \(record.line) is \(expected.line)")
            let length = expected.fields.reduce(0) { $0 + $1.count }
            if max(length, expected.fields.count) > limit {
                expect(record.problem == .tooLong, "a record of \(length) bytes is not too long")
                let kept = record.fields.reduce(0) { $0 + $1.count }
                expect(kept <= limit && record.fields.count <= limit, "\(kept) bytes are kept")
            } else {
                expect(record.fields == expected.fields, "\(record.fields) is \(expected.fields)")
                expect(record.problem == nil, "\(record) has a problem")
                expect(record.isBlank == (expected.fields == [[]]), "blank or not: \(record)")
            }
        }
        let rest = all.dropFirst(table.records.count)
        if table.isWhole {
            expect(rest.isEmpty && openQuote == nil, "more than \(table.records.count) records")
        } else if let next = rest.first {
            expect(next.problem != nil, "\(next) breaks a rule, but has no problem")
        } else {
            expect(openQuote != nil, "the text after \(all.count) records is lost")
        }
        if let openQuote { expect(openQuote >= all.last?.line ?? 1, "the quote of line \(openQuote)") }
    }

    /// Checks that records without a problem are unchanged after writing and reading them.
    fileprivate func checkWritten() {
        let good = all.filter { $0.problem == nil }.map(\.fields)
        let text = Array(good.map { fields in CSVText.record(fields.map { $0[...] }) }.joined())
        let written = Records(text, delimiter: UInt8(ascii: ","))
        expect(written.all.map(\.fields) == good, "\(good) was written as \(written.all)")
        expect(written.openQuote == nil && written.all.allSatisfy { $0.problem == nil }, "written with problems")
    }
}
