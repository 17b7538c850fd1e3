import Model
import Subscribers
import TestSupport
import Testing

@Suite struct CSVSourceTests {
    @Test(arguments: [
        "id\n\(ada)\n\(bob)\n\(eve)\n",
        "id\r\n\(ada)\r\n\(bob)\r\n\(eve)\r\n",
        "id\r\(ada)\r\(bob)\r\(eve)\r",
        "id\n\(ada)\r\n\(bob)\r\(eve)",
        "\u{FEFF}id\n\(ada)\n\(bob)\n\(eve)\n",
        "\u{FEFF}\(ada)\n\(bob)\n\(eve)\n",
        "\(ada)\n\(bob)\n\(eve)",
        "\u{FEFF}\"id\"\r\n\"\(ada)\"\r\n\"\(bob)\"\r\n\"\(eve)\"",
        "name,id\n\"x,y\",\(ada)\n\"x\ny\",\(bob)\n\"say \"\"hi\"\"\",\(eve)\n",
        "id,name\n\(ada),x,\n\(bob)\n\(eve),z,,,\n",
        "  ID\t,name\n\(ada),1\n\(bob),2\n\(eve),3\n",
        // Blanks around quotes, and a long cell beside an id.
        "id, name\n \"\(ada)\" , \"x, y\"\n\(bob),y\n\"\(eve)\" ,\"z\"\n",
        "name,id\n\(String(repeating: "x", count: 100_000)),\(ada)\ny,\(bob)\nz,\(eve)\n",
        // The `sep=` line for Excel.
        "sep=;\r\nname;id\r\nx,y;\(ada)\r\nz;\(bob)\r\n;\(eve)\r\n",
    ])
    func `the same ids however the file is written`(_ text: String) throws {
        let spooled = try Spooled(csv: text)
        #expect(spooled.ids == ids(ada, bob, eve))
        #expect(spooled.source.rowsRead == 3)
        #expect(spooled.source.rejected.isEmpty)
        #expect(spooled.warnings.isEmpty)
    }

    @Test func `a row with more fields is read by position with a warning`() throws {
        let few = many.prefix(4).map { "\($0),x\n" }.joined()
        let spooled = try Spooled(csv: "id,name\n\(ada),x\n\(bob),y,surplus\n\(eve),z,,z\n" + few)
        #expect(spooled.ids == ids(ada, bob, eve) + many.prefix(4).map { Array($0.utf8) })
        #expect(spooled.warnings.count == 1)
        let warning = try #require(spooled.warnings.first)
        #expect(warning.hasPrefix("2 rows of list.csv have more fields than the first line"), "\(warning)")
        #expect(warning.contains("line 3"), "\(warning)")
    }

    /// One column stays one column if a cell contains a delimiter, with or without a header, of ids or of numbers.
    @Test(arguments: ["id\n", ""], [true, false])
    func `a row with a second field is read by position in one column`(_ header: String, _ isOfIDs: Bool) throws {
        let cells = isOfIDs ? Array(many.prefix(12)) : (0..<12).map { "38050111220\($0)" }
        let text = header + cells.enumerated().map { $0 == 7 ? "\($1),x\n" : "\($1)\n" }.joined()
        let spooled = try Spooled(csv: text)
        #expect(spooled.ids == cells.map { Array($0.utf8) })
        let line = header.isEmpty ? 8 : 9
        #expect(
            spooled.warnings.first?.hasPrefix("1 row of list.csv has more fields than the first line") == true
                && spooled.warnings.first?.contains("line \(line);") == true, "\(spooled.warnings)")
    }

    @Test func `a first line with fewer fields than most rows is not a header`() {
        let rows = many.map { "Tom,\($0)\n" }.joined()
        #expect(throws: SourceError.firstLineIsNotTheHeader(line: 1, headerLine: 2, name: "list.csv")) {
            try Spooled(csv: "id list of 2026\nname,viber_id\n" + rows)
        }
        #expect(throws: SourceError.firstLineIsNotTheHeader(line: 1, headerLine: nil, name: "list.csv")) {
            try Spooled(csv: "id\n" + rows)
        }
        #expect(throws: Never.self) { try Spooled(csv: "id\n" + rows) { $0.column = "2" } }
    }

    @Test func `quoted ids lose their quotes and nothing else`() throws {
        let spooled = try Spooled(csv: "id\n\"a,b\"\n\"c\"\"d\"\n\"#e\"\n#f\n=1+1\n")
        #expect(spooled.ids == ids("a,b", "c\"d", "#e", "#f", "=1+1"))
    }

    @Test func `blanks of all kinds around an id are trimmed and counted`() throws {
        let text = "id\n a\n\tb\t \n\"  c\"\nd e\n\u{A0}f\u{A0}\n\u{200B}g\n\u{FEFF}\u{3000}h\u{2009}\n\"i\r\n\"\nj\n"
        let spooled = try Spooled(csv: text)
        #expect(spooled.ids == ids("a", "b", "c", "d e", "f", "g", "h", "i", "j"))
        #expect(spooled.source.trimmed == 7)
    }

    /// Blanks as in an export with columns of a fixed width. The rows are at all offsets of the read buffer.
    @Test(arguments: [100, 600, 2_000], [true, false])
    func `the number of blanks around an id does not matter`(_ count: Int, _ isBefore: Bool) throws {
        let blanks = String(repeating: " ", count: count)
        let list = (1...2_000).map { viberID("Subscriber\($0)") }
        let lines = list.map { isBefore ? blanks + $0 + "\n" : $0 + blanks + "\n" }
        let spooled = try Spooled(csv: "id\n" + lines.joined())
        #expect(spooled.source.rejected.isEmpty)
        #expect(spooled.ids == list.map { Array($0.utf8) })
        #expect(spooled.source.trimmed == 2_000)
    }

    @Test func `a duplicate is requested once and counted`() throws {
        let spooled = try Spooled(csv: "id\n\(ada)\n\(ada)\n\(bob)\n \(ada)\n\(eve)\n\"\(bob)\"\n")
        #expect(spooled.ids == ids(ada, bob, eve))
        #expect(spooled.source.rowsRead == 6)
        #expect(spooled.source.accepted == 6)
        #expect(spooled.source.duplicates == 3)
        #expect(spooled.source.unique == 3)
    }

    @Test func `ids that differ in case or normalisation are two`() throws {
        let spooled = try Spooled(csv: "id\nabc\nABC\n\u{E9}\ne\u{301}\n\u{212B}\n\u{C5}\n")
        #expect(spooled.ids == ids("abc", "ABC", "\u{E9}", "e\u{301}", "\u{212B}", "\u{C5}"))
        #expect(spooled.source.duplicates == 0)
        #expect(spooled.source.unique == 6)
    }

    @Test func `the first line of a file without a header is an id`() throws {
        let spooled = try Spooled(csv: "\(ada)\n\(bob)\n")
        #expect(spooled.ids == ids(ada, bob))
        #expect(spooled.source.column == "1")
        #expect(spooled.warnings.isEmpty)
    }

    @Test func `without a header a known name is an id`() throws {
        #expect(try Spooled(csv: "id\na\n") { $0.noHeader = true }.ids == ids("id", "a"))
    }

    @Test func `a column is the same by position and by name`() throws {
        let text = "first,second\nx,\(ada)\ny,\(bob)\n"
        #expect(try Spooled(csv: text) { $0.column = "second" }.ids == ids(ada, bob))
        #expect(try Spooled(csv: text) { $0.column = "2" }.ids == ids("second", ada, bob))
        let known = try Spooled(csv: "id,second\nx,\(ada)\ny,\(bob)\n") { $0.column = "2" }
        #expect(known.ids == ids(ada, bob))
        #expect(known.source.column == "second")
    }

    @Test func `the summary names the source`() throws {
        let spooled = try Spooled(csv: "User_ID,name\n\(ada),x\n")
        #expect(spooled.source.kind == "csv")
        #expect(spooled.source.name == "list.csv")
        #expect(spooled.source.column == "User_ID")
    }

    @Test func `nul outside the id is ignored`() throws {
        #expect(try Spooled(csv: "id,note\n\(ada),x\0y\n\(bob),\u{7}\n").ids == ids(ada, bob))
    }

    @Test func `invalid UTF8 outside the id is ignored`() throws {
        let content = Array("id,note\n\(ada),".utf8) + [0xFF, 0xC3] + Array("\n\(bob),x\n".utf8)
        #expect(try Spooled(csv: content).ids == ids(ada, bob))
    }
}
