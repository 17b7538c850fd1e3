import Files
import Model
import TestSupport
import Testing

@testable import History

/// Histories that the user edited or a spreadsheet saved.
@Suite struct EditedHistoryTests {
    private func row(_ number: UInt64, online: Int = 2) -> HistoryRow {
        let start = Timestamp(milliseconds: SampleRun.startedAt.milliseconds + Int64(number) * 86_400_000)
        return HistoryRow(
            run: RunID(startedAt: start, salt: number), startedAt: start, finishedAt: start, complete: true,
            source: "list.csv", unique: online + 1, online: online, offline: 0, undisclosed: 0, tryLater: 0,
            unavailable: 1,
            unresolved: 0, subscribersCount: 3, accountID: "pa:1", accountName: "Bot")
    }

    /// A history of three runs in the format of this program.
    private func written() throws -> String {
        var file = HistoryFile()
        for number: UInt64 in 1...3 { file.put(row(number)) }
        return String(decoding: file.bytes, as: UTF8.self)
    }

    private func edited(_ text: String) throws -> HistoryFile { try #require(HistoryFile(Array(text.utf8))) }

    private func rows(_ file: HistoryFile) -> [HistoryRow] {
        file.lines.compactMap { if case .row(let row) = $0.content { row } else { nil } }
    }

    struct Save: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var change: @Sendable (String) -> String
    }

    private static let saves = [
        Save(testDescription: "as it is") { $0 },
        Save(testDescription: "semicolons") { $0.replacing(",", with: ";") },
        Save(testDescription: "tabs") { $0.replacing(",", with: "\t") },
        Save(testDescription: "a byte order mark") { "\u{FEFF}" + $0 },
        Save(testDescription: "line ends of Windows") { $0.replacing("\n", with: "\r\n") },
        Save(testDescription: "all of these, in capitals") {
            "\u{FEFF}"
                + $0.replacing(",", with: ";").replacing("\n", with: "\r\n").replacing("true", with: "TRUE")
        },
        Save(testDescription: "every cell in quotes") { text in
            text.split(separator: "\n").map { line in
                line.split(separator: ",", omittingEmptySubsequences: false).map { "\"\($0)\"" }.joined(separator: ",")
                    + "\n"
            }.joined()
        },
        Save(testDescription: "another language's word for true") { $0.replacing("true", with: "ИСТИНА") },
        Save(testDescription: "numbers with a point") { $0.replacing(",3,2,0,", with: ",3.0,2.0,0.0,") },
        Save(testDescription: "no line end at the end") { String($0.dropLast()) },
        Save(testDescription: "times as a spreadsheet shows them") { $0.replacing("T23:15:00Z", with: " 23:15") },
        Save(testDescription: "columns in reverse order") { text in
            text.split(separator: "\n").map { $0.split(separator: ",").reversed().joined(separator: ",") + "\n" }
                .joined()
        },
    ]

    @Test(arguments: saves) func `it is read however it was saved`(_ save: Save) throws {
        let text = save.change(try written())
        var file = try edited(text)
        #expect(rows(file) == (1...3).map { row($0) })
        #expect(String(decoding: file.bytes, as: UTF8.self) == text)
        // A new row is written in the same format, and nothing else changes.
        file.put(row(4))
        let added = file.bytes
        #expect(added.starts(with: text.utf8))
        #expect(rows(try #require(HistoryFile(added))) == (1...4).map { row($0) })
        #expect(added.filter { $0 == 0x0D }.count == (text.utf8.contains(0x0D) ? 5 : 0))
    }

    /// The user's notes stay with their runs byte for byte, also when the run's own cells change.
    @Test func `the users own columns stay`() throws {
        let lines = try written().split(separator: "\n").map(String.init)
        let warnings = ["note", "\"holiday, \"\"quiet\"\"\"", "", "\"two\nlines\""]
        let text = zip(lines, warnings).map { "\($1),\($0)\n" }.joined()
        var file = try edited(text)
        file.put(row(3, online: 9))
        file.put(row(4))
        let left = String(decoding: file.bytes, as: UTF8.self)
        #expect(left.hasPrefix(text.prefix(text.count - lines[3].count - 1)))
        #expect(left.contains("\"two\nlines\",20261124T231500Z-0003,"))
        #expect(left.contains("\n,20261125T231500Z-0004,"))
        #expect(rows(try edited(left)) == [row(1), row(2), row(3, online: 9), row(4)])
        // Bytes in another encoding are kept too.
        var bytes = Array("note,".utf8) + Array(lines[0].utf8) + [0x0A, 0xEF, 0xF0, 0x2C] + Array(lines[1].utf8)
        bytes += [0x0A]
        var other = try #require(HistoryFile(bytes))
        other.put(row(1, online: 5))
        #expect(other.bytes[lines[0].utf8.count + 6..<lines[0].utf8.count + 9] == [0xEF, 0xF0, 0x2C])
        #expect(rows(other) == [row(1, online: 5)])
    }

    @Test func `a huge cell does not make the file unreadable`() throws {
        let lines = try written().split(separator: "\n").map(String.init)
        let huge = String(repeating: "x", count: 300_000)
        let text = [lines[0] + ",note", lines[1] + "," + huge, lines[2] + ",\"" + huge + "\n\"", lines[3] + ","]
            .joined(separator: "\n")
        var file = try edited(text)
        file.put(row(4))
        #expect(rows(try #require(HistoryFile(file.bytes))) == (1...4).map { row($0) })
        #expect(file.bytes.starts(with: text.utf8))
    }

    /// An older version wrote fewer columns, and the user may have removed one.
    @Test(arguments: ["account_name", "source", "online", "unique", "complete", "finished_at", "try_later"])
    func `a missing column is added after the others`(_ name: String) throws {
        let table = try written().split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
        let index = try #require(table[0].firstIndex(of: name))
        let text = table.map { cells in
            (cells[..<index] + cells[(index + 1)...] + ["x"]).joined(separator: ";") + "\n"
        }.joined()
        var file = try edited(text)
        #expect(rows(file).map(\.run) == (1...3).map { row($0).run })
        #expect(rows(file).map(\.unique) == [3, 3, 3])
        file.put(row(4))
        let lines = String(decoding: file.bytes, as: UTF8.self).split(separator: "\n")
        #expect(lines[0].hasSuffix(";x;" + name))
        #expect(lines[1...3].allSatisfy { $0.hasSuffix(";x;") })
        let after = try #require(HistoryFile(file.bytes))
        #expect(rows(after).map(\.run) == (1...4).map { row($0).run })
        #expect(rows(after).last == row(4))
    }

    /// Cells after the last column are the user's too: an added column must not get them.
    @Test func `cells after the last column stay the users`() throws {
        let table = try written().split(separator: "\n").map {
            $0.split(separator: ",").dropLast().joined(separator: ",")
        }
        var file = try edited([table[0], table[1] + ",mine", table[2], table[3]].joined(separator: "\n"))
        file.put(row(4))
        let after = try #require(HistoryFile(file.bytes))
        #expect(rows(after).map(\.accountName) == ["", "", "", "Bot"])
        #expect(String(decoding: after.bytes, as: UTF8.self).contains("pa:1,mine,"))
    }

    @Test(arguments: [
        "total,,,,5", "20200101T000000Z-00ff,x,y", "\"never closed", "20261122T231500Z-0001,\"a\"b",
        "20261122T231500Z-0009,,,,,-5,2,0,0,0,1,0", "\u{1}\u{2}x",
    ])
    func `a line that is not a row is reported and stays`(_ line: String) async throws {
        try await withTemporaryDirectory { path in
            var lines = try written().split(separator: "\n").map(String.init)
            lines.insert(line, at: 2)
            lines.insert("", at: 4)
            try write(lines.joined(separator: "\n"), to: path + "/history.csv")
            var history = try History(at: path + "/history.csv")
            #expect(history.rows == (1...3).map { row($0) })
            #expect(history.warnings == ["\(path)/history.csv: line 3 is not the row of a run; it is kept as it is"])
            history.put(row(4))
            history.put(row(2, online: 7))
            try history.save(through: path + "/temporary")
            var after = String(decoding: try bytes(of: path + "/history.csv"), as: UTF8.self)
                .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            #expect(after.remove(at: 2) == line)
            #expect(after.remove(at: 3) == "")
            #expect(
                rows(try edited(after.joined(separator: "\n"))) == [row(1), row(2, online: 7), row(3), row(4)])
            // Sorted, with lines that are not rows at the end.
            history.put(row(0))
            history.sort()
            try history.save(through: path + "/temporary")
            let sorted = try History(at: path + "/history.csv")
            #expect(sorted.rows == [row(0), row(1), row(2, online: 7), row(3), row(4)])
            #expect(sorted.warnings == ["\(path)/history.csv: line 7 is not the row of a run; it is kept as it is"])
        }
    }

    /// A total with a note of several lines, in a table without one of the columns. Adding the column changes no byte
    /// of it.
    @Test func `a cell of several lines in the users own row stays`() throws {
        let table = try written().split(separator: "\n").map {
            $0.split(separator: ",").dropLast().joined(separator: ";")
        }
        let total = "Total;;3;;\"" + String(repeating: "x,;\"\"\n", count: 50) + "\""
        var file = try edited([table[0], table[1], total, table[2], table[3]].joined(separator: "\n"))
        file.put(row(4))
        #expect(String(decoding: file.bytes, as: UTF8.self).contains("\n" + total + "\n"))
        #expect(rows(try #require(HistoryFile(file.bytes))).map(\.run) == (1...4).map { row($0).run })
    }

    /// An unreadable line with the id of a known run is rewritten, and the user's own cells are kept.
    @Test func `a damaged row is repaired when its run is known`() throws {
        let lines = try written().split(separator: "\n").map(String.init)
        let damaged = lines[2].replacing(",3,2,", with: ",x,y,")
        var file = try edited(
            [lines[0] + ",note", lines[1] + ",", damaged + ",mine", lines[3] + ","].joined(separator: "\n"))
        #expect(rows(file) == [row(1), row(3)])
        file.put(row(2))
        #expect(rows(file) == [row(1), row(2), row(3)])
        let after = String(decoding: file.bytes, as: UTF8.self)
        #expect(after.split(separator: "\n").count == 4)
        #expect(after.contains(lines[2] + ",mine\n"))
    }

    /// However the file is damaged, it is read or refused, and no byte of it is lost.
    @Test func `a damaged file loses nothing`() throws {
        var random = SeededRandom(seed: 14)
        let whole = Array(try written().utf8)
        for _ in 0..<2_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let offset = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[offset] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.insert(UInt8(ascii: "\""), at: offset)
                case 2: bytes.remove(at: offset)
                default: bytes.removeSubrange(offset..<min(offset + 40, bytes.count))
                }
            }
            guard var file = HistoryFile(bytes) else { continue }
            #expect(file.bytes == bytes)
            let before = rows(file)
            file.put(row(9))
            let after = rows(try #require(HistoryFile(file.bytes)))
            #expect(after.last == row(9))
            #expect(after.dropLast().map(\.run) == before.map(\.run))
        }
    }
}
