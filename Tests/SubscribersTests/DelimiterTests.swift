import Model
import Testing

@testable import Subscribers

@Suite struct DelimiterTests {
    @Test(arguments: [
        ("a,b", ","),
        ("a;b", ";"),
        ("a\tb", "\t"),
        ("a|b", "|"),
        ("a", ","),
        ("", ","),
        ("\n\r\n", ","),
        // The one that is there most often; the first of two that are there equally often.
        ("a|b|c,d", "|"),
        ("a;b,c", ","),
        ("a|b\tc", "\t"),
        // What stands in quotes does not count, a line end neither.
        ("\"a;b;c\",d", ","),
        ("\"a,b\"\"c,d\";e", ";"),
        ("\"a\nb,c,d\";e", ";"),
        // Only the first line that is not blank counts, however lines end.
        ("id\nx;y;z", ","),
        ("a;b\rc,d,e", ";"),
        ("a;b\r\nc,d,e", ";"),
        ("\n\r\n\na|b\nc,d,e", "|"),
    ])
    func theFirstLineDecides(_ head: String, _ delimiter: Unicode.Scalar) {
        #expect(CSVLayout.delimiter(sniffing: Array(head.utf8)[...]) == UInt8(ascii: delimiter))
    }

    @Test(arguments: [";", "\t", "|", ","] as [Character])
    func aFileWithTheDelimiterIsRead(_ delimiter: Character) throws {
        let text = "name|id|note\nAda|a==|x\nBob|b==|y\n".replacing("|", with: String(delimiter))
        let spooled = try Spooled(csv: text)
        #expect(spooled.ids == ids("a==", "b=="))
        #expect(spooled.source.column == "id")
    }

    @Test func theOptionOverrulesTheSniffer() throws {
        let text = "id;x,y,z\na;1,2\nb;3,4\n"
        #expect(throws: SourceError.needsColumn(columns: ["id;x", "y", "z"], name: "list.csv")) {
            try Spooled(csv: text)
        }
        #expect(try Spooled(csv: text) { $0.delimiter = UInt8(ascii: ";") }.ids == ids("a", "b"))
    }
}
