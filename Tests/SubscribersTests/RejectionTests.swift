import Model
import TestSupport
import Testing

@testable import Subscribers

@Suite struct RejectionTests {
    /// A record of a file with the columns `name,id`, and the expected rejection.
    struct Cell: Sendable, CustomTestStringConvertible {
        var record: [UInt8]
        var reason: RejectionReason
        var value: [UInt8]

        init(_ record: String, _ reason: RejectionReason, value: String) {
            self.init(Array(record.utf8), reason, value: Array(value.utf8))
        }

        init(_ record: [UInt8], _ reason: RejectionReason, value: [UInt8]) {
            self.record = record
            self.reason = reason
            self.value = value
        }

        var testDescription: String { "\(reason.rawValue): \(record.prefix(12))" }
    }

    static let cells: [Cell] = [
        Cell("", .blank, value: ""),
        Cell("x,", .blank, value: ""),
        Cell("x, \t ", .blank, value: " \t "),
        Cell("x,\u{A0}\u{FEFF}", .blank, value: "\u{A0}\u{FEFF}"),
        Cell("x,\"\r\n\"", .blank, value: "\r\n"),
        Cell("x,\"\"", .blank, value: ""),
        Cell("x,NULL", .null, value: "NULL"),
        Cell("x,null", .null, value: "null"),
        Cell("x, NULL ", .null, value: " NULL "),
        Cell("x,\\N", .null, value: "\\N"),
        Cell("x", .missingField, value: ""),
        Cell("name,id", .repeatedHeader, value: "id"),
        Cell("Name, I-D", .repeatedHeader, value: " I-D"),
        Cell("x,a\"b", .badQuoting, value: "a\"b"),
        Cell("x,\"a\"b", .badQuoting, value: "ab"),
        Cell("x\"y,a", .badQuoting, value: "a"),
        Cell("x,a\0b", .controlCharacter, value: "a\0b"),
        Cell("x,\u{1}a", .controlCharacter, value: "\u{1}a"),
        Cell("x,a\tb", .controlCharacter, value: "a\tb"),
        Cell("x,\"a\nb\"", .controlCharacter, value: "a\nb"),
        Cell("x,a\u{1F}", .controlCharacter, value: "a\u{1F}"),
        Cell("x,a\u{7F}", .controlCharacter, value: "a\u{7F}"),
        Cell("x,a\u{80}", .controlCharacter, value: "a\u{80}"),
        Cell("x,a\u{85}a", .controlCharacter, value: "a\u{85}a"),
        Cell("x,a\u{9F}b", .controlCharacter, value: "a\u{9F}b"),
        Cell(Array("x,a".utf8) + [0xFF], .badUTF8, value: [0x61, 0xFF]),
        Cell(Array("x,".utf8) + [0xC3, 0x28], .badUTF8, value: [0xC3, 0x28]),
        Cell(Array("x,".utf8) + [0xED, 0xA0, 0x80], .badUTF8, value: [0xED, 0xA0, 0x80]),
        Cell(Array("x,".utf8) + [0xC0, 0xAF], .badUTF8, value: [0xC0, 0xAF]),
        Cell(Array("x,".utf8) + [0xE2, 0x82], .badUTF8, value: [0xE2, 0x82]),
        Cell("x," + String(repeating: "a", count: 129), .idTooLong, value: String(repeating: "a", count: 129)),
        Cell("x," + String(repeating: "é", count: 65), .idTooLong, value: String(repeating: "é", count: 65)),
        Cell("x," + String(repeating: "b", count: 300), .idTooLong, value: String(repeating: "b", count: 200)),
        Cell("x," + String(repeating: "c", count: 70_000), .idTooLong, value: String(repeating: "c", count: 200)),
    ]

    @Test(arguments: cells)
    func `a row without an id is kept with its line and reason`(_ cell: Cell) throws {
        let rest = many.map { "\ny,\($0)" }.joined()
        let spooled = try Spooled(csv: Array("name,id\nx,\(ada)\n".utf8) + cell.record + Array(rest.utf8))
        #expect(spooled.ids == ids(ada) + many.map { Array($0.utf8) })
        #expect(spooled.rejections == [Rejection(line: 3, reason: cell.reason, value: cell.value)])
        #expect(spooled.warnings.isEmpty)
        #expect(spooled.source.rejected == [RunSummary.RejectedCount(reason: cell.reason.rawValue, rows: 1)])
        #expect(spooled.source.rowsRead == 22)
        #expect(spooled.source.accepted == 21)
    }

    @Test func `the table has every reason a CSV file can give`() {
        let fromDatabases: Set<RejectionReason> = [.notText]
        #expect(Set(Self.cells.map(\.reason)) == Set(RejectionReason.allCases).subtracting(fromDatabases))
    }

    @Test func `the reasons have their names in the files`() {
        let names = RejectionReason.allCases.map(\.rawValue).sorted()
        #expect(
            names == [
                "bad_quoting", "bad_utf8", "blank", "control_char", "id_too_long", "missing_field", "not_text",
                "null", "repeated_header",
            ])
    }

    @Test(arguments: [
        "a", String(repeating: "a", count: 128), String(repeating: "é", count: 64), "\u{2028}", "\u{10FFFF}",
        "a\u{A0}b", "01234567890A==", "a b", "pa:5038102554684",
    ])
    func `anything that is short text on one line is an id`(_ id: String) {
        #expect(RejectionReason(validating: Array(id.utf8)[...]) == nil)
    }

    @Test func `blanks do not make an id too long`() throws {
        let id = String(repeating: "a", count: 128)
        let spooled = try Spooled(csv: "id\n   \(id)   \n")
        #expect(spooled.ids == ids(id))
    }

    @Test func `a line is the physical line on which the record starts`() throws {
        let text =
            "\r\n\r\nid,note\r\n\(ada),\"one\r\ntwo\rthree\n\"\r\n,x\r\n\"a\r\nb\",y\n\(bob)\n\n\(eve)\r\r\n"
        let spooled = try Spooled(csv: text) { $0.column = "id" }
        #expect(spooled.ids == ids(ada, bob, eve))
        #expect(spooled.rejections.map(\.line) == [1, 8, 9, 12, 14])
        #expect(spooled.rejections.map(\.rows) == [2, 1, 1, 1, 1])
        #expect(spooled.rejections.map(\.reason) == [.blank, .blank, .controlCharacter, .blank, .blank])
    }

    @Test func `counts keep the order of the reasons`() throws {
        let spooled = try Spooled(csv: "id\na\u{1}\n\nb\n\n\n\u{2}\n")
        #expect(
            spooled.source.rejected == [
                RunSummary.RejectedCount(reason: "control_char", rows: 2),
                RunSummary.RejectedCount(reason: "blank", rows: 3),
            ])
        #expect(spooled.source.rejectedTotal == 5)
    }

    @Test func `consecutive rows with one reason and no value are joined`() throws {
        let text = "name,id\nx,\(ada)\n\n\nx\nx\nx,\nx,a\tb\nx,a\tb\nx,\n\n\ny,\(bob)\n\nz,\(eve)\n\n\n"
        let spooled = try Spooled(csv: text) { $0.column = "id" }
        #expect(spooled.ids == ids(ada, bob, eve))
        let cell = Array("a\tb".utf8)
        #expect(
            spooled.rejections == [
                Rejection(line: 3, reason: .blank, value: [], rows: 2),
                Rejection(line: 5, reason: .missingField, value: [], rows: 2),
                Rejection(line: 7, reason: .blank, value: []),
                Rejection(line: 8, reason: .controlCharacter, value: cell),
                Rejection(line: 9, reason: .controlCharacter, value: cell),
                Rejection(line: 10, reason: .blank, value: [], rows: 3),
                // An accepted row is between them.
                Rejection(line: 14, reason: .blank, value: []),
                Rejection(line: 16, reason: .blank, value: [], rows: 2),
            ])
        #expect(spooled.source.rejectedTotal == spooled.rejections.reduce(0) { $0 + $1.rows })
        #expect(spooled.source.rowsRead == 3 + spooled.source.rejectedTotal)
    }

    /// A record with more fields than are kept still has those that are kept.
    @Test func `a row with endless fields is read and so is the next`() throws {
        let endless = [UInt8](repeating: UInt8(ascii: ","), count: 200_000)
        let spooled = try Spooled(csv: Array("id,n\n\(ada),1\n".utf8) + endless + Array("\n\(bob)\n".utf8))
        #expect(spooled.ids == ids(ada, bob))
        #expect(spooled.rejections.map(\.reason) == [.blank])
    }

    @Test func `an endless cell beside the id does not matter`() throws {
        let endless = [UInt8](repeating: UInt8(ascii: "x"), count: 3_000_000)
        let lines = ["n,id\n1,\(ada)\n", ",\(bob)\n", "\n2,\(eve)\n"].map { Array($0.utf8) }
        let spooled = try Spooled(csv: Array(lines.joined(separator: endless)))
        #expect(spooled.ids == ids(ada, bob, eve))
        #expect(spooled.rejections.map(\.reason) == [.missingField])
    }

    @Test func `a quoted null marker is an id`() throws {
        let spooled = try Spooled(csv: "name,id\nx,\(ada)\nx,\"NULL\"\nx,\"\\N\"\nx,NULLS\ny,\(bob)\nz,\(eve)\n") {
            $0.column = "id"
        }
        #expect(spooled.ids == ids(ada, "NULL", "\\N", "NULLS", bob, eve))
    }
}
