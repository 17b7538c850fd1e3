import Model
import Testing

@testable import Subscribers

@Suite struct RejectionTests {
    /// A cell in the column `id` of `name,id`, and what becomes of it.
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
        Cell("x,\"\"", .blank, value: ""),
        Cell("x", .missingField, value: ""),
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
        Cell("x,\u{85}a", .controlCharacter, value: "\u{85}a"),
        Cell("x,a\u{9F}b", .controlCharacter, value: "a\u{9F}b"),
        Cell(Array("x,a".utf8) + [0xFF], .badUTF8, value: [0x61, 0xFF]),
        Cell(Array("x,".utf8) + [0xC3, 0x28], .badUTF8, value: [0xC3, 0x28]),
        Cell(Array("x,".utf8) + [0xED, 0xA0, 0x80], .badUTF8, value: [0xED, 0xA0, 0x80]),
        Cell(Array("x,".utf8) + [0xC0, 0xAF], .badUTF8, value: [0xC0, 0xAF]),
        Cell(Array("x,".utf8) + [0xE2, 0x82], .badUTF8, value: [0xE2, 0x82]),
        Cell("x," + String(repeating: "a", count: 129), .idTooLong, value: String(repeating: "a", count: 129)),
        Cell("x," + String(repeating: "é", count: 65), .idTooLong, value: String(repeating: "é", count: 65)),
        Cell("x," + String(repeating: "b", count: 300), .idTooLong, value: String(repeating: "b", count: 200)),
        Cell("x," + String(repeating: "c", count: 70_000), .lineTooLong, value: String(repeating: "c", count: 200)),
    ]

    @Test(arguments: cells)
    func aRowWithoutAnIdIsKeptWithItsLineAndReason(_ cell: Cell) throws {
        let spooled = try Spooled(csv: Array("name,id\nx,good\n".utf8) + cell.record + Array("\ny,better\n".utf8))
        #expect(spooled.ids == ids("good", "better"))
        #expect(spooled.rejections == [Rejection(line: 3, reason: cell.reason, value: cell.value)])
        #expect(spooled.source.rejected == [RunSummary.RejectedCount(reason: cell.reason.rawValue, rows: 1)])
        #expect(spooled.source.rowsRead == 3)
        #expect(spooled.source.accepted == 2)
    }

    @Test func theTableHasEveryReasonACSVFileCanGive() {
        let fromDatabases: Set<RejectionReason> = [.null, .notText]
        #expect(Set(Self.cells.map(\.reason)) == Set(RejectionReason.allCases).subtracting(fromDatabases))
    }

    @Test func theReasonsHaveTheirNamesInTheFiles() {
        let names = RejectionReason.allCases.map(\.rawValue).sorted()
        #expect(
            names == [
                "bad_quoting", "bad_utf8", "blank", "control_char", "id_too_long", "line_too_long", "missing_field",
                "not_text", "null",
            ])
    }

    @Test(arguments: [
        "a", String(repeating: "a", count: 128), String(repeating: "é", count: 64), "\u{A0}", "\u{2028}", "\u{10FFFF}",
        "\u{C2}\u{A0}", "01234567890A==", "a b", "pa:5038102554684",
    ])
    func anythingThatIsShortTextOnOneLineIsAnId(_ id: String) {
        #expect(RejectionReason(judging: Array(id.utf8)[...]) == nil)
    }

    @Test func blanksDoNotMakeAnIdTooLong() throws {
        let id = String(repeating: "a", count: 128)
        let spooled = try Spooled(csv: "id\n   \(id)   \n")
        #expect(spooled.ids == ids(id))
    }

    @Test func linesArePhysicalLinesOfTheStartOfTheRecord() throws {
        let text = "\r\n\r\nid,note\r\na,\"one\r\ntwo\rthree\n\"\r\n,x\r\n\"\r\n\",y\nb\n\nc\r\r\n"
        let spooled = try Spooled(csv: text)
        #expect(spooled.ids == ids("a", "b", "c"))
        #expect(spooled.rejections.map(\.line) == [1, 2, 8, 9, 12, 14])
        #expect(spooled.rejections.map(\.reason) == [.blank, .blank, .blank, .controlCharacter, .blank, .blank])
    }

    @Test func countsKeepTheOrderInWhichReasonsCame() throws {
        let spooled = try Spooled(csv: "id\na\u{1}\n\nb\n\n\n\u{2}\n")
        #expect(
            spooled.source.rejected == [
                RunSummary.RejectedCount(reason: "control_char", rows: 2),
                RunSummary.RejectedCount(reason: "blank", rows: 3),
            ])
        #expect(spooled.source.rejectedTotal == 5)
    }

    @Test func aRowAfterAnEndlessOneIsReadAgain() throws {
        let endless = [UInt8](repeating: UInt8(ascii: ","), count: 200_000)
        let spooled = try Spooled(csv: Array("id\na\n".utf8) + endless + Array("\nb\n".utf8))
        #expect(spooled.ids == ids("a", "b"))
        #expect(spooled.rejections.map(\.reason) == [.lineTooLong])
    }
}
