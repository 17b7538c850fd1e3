import Model
import Subscribers
import Testing

/// Whether the first line is the header, by the number of fields below it.
@Suite struct CSVFirstLineTests {
    /// Rows of two fields, and rows of three.
    private func rows(_ two: Int, _ three: Int, first: Int = 1) -> String {
        lines(two + three) { number in
            RealFormIDs.id(number + first - 1) + ",Ann" + (number <= three ? ",Kyiv" : "")
        }
    }

    @Test(arguments: [
        (two: 0, three: 1, false), (1, 1, true), (1, 2, false), (50, 50, true), (49, 51, false), (60, 40, true),
        (0, 100, false),
        (999, 1, true),
    ])
    func `more than half of the rows are wider than a header`(_ two: Int, _ three: Int, _ isHeader: Bool) throws {
        let text = "viber_id,name\n" + rows(two, three)
        if isHeader {
            let spooled = try Spooled(csv: text)
            #expect(spooled.ids == RealFormIDs.first(two + three))
            let warning = spooled.warnings.first ?? ""
            #expect(spooled.warnings.count == 1)
            #expect(warning.hasPrefix("\(three) row") && warning.contains("line 2"), "\(warning)")
        } else {
            let error = #expect(throws: SourceError.self) { try Spooled(csv: text) }
            #expect(error?.description.contains("line 1 of list.csv is not the header") == true)
        }
    }

    /// Wider rows after the first 100 are counted in a warning, however many they are.
    @Test func `only the first 100 rows decide`() throws {
        let spooled = try Spooled(csv: "viber_id,name\n" + rows(100, 0) + rows(0, 400, first: 101))
        #expect(spooled.ids == RealFormIDs.first(500))
        #expect(spooled.warnings.count == 1)
        let warning = spooled.warnings.first ?? ""
        #expect(warning.hasPrefix("400 rows") && warning.contains("line 102"), "\(warning)")
        #expect(throws: SourceError.self) { try Spooled(csv: "viber_id,name\n" + rows(49, 51) + rows(400, 0)) }
    }

    @Test func `the column option overrules it`() throws {
        for column in ["viber_id", "1"] {
            let spooled = try Spooled(csv: "viber_id,name\n" + rows(0, 100)) { $0.column = column }
            #expect(spooled.ids == RealFormIDs.first(100))
            #expect(spooled.warnings.contains { $0.hasPrefix("100 rows") && $0.contains("line 2") })
        }
    }

    @Test(arguments: ["viber_id,name\n", "viber_id,name,\n", "viber_id,name,,,,\n"])
    func `empty fields at the end do not count`(_ header: String) throws {
        let spooled = try Spooled(csv: header + lines(100) { RealFormIDs.id($0) + ",Ann,,,,,," })
        #expect(spooled.ids == RealFormIDs.first(100))
        #expect(spooled.warnings.isEmpty, "\(spooled.warnings)")
    }

    /// Each `sep=` line, with the text around it.
    @Test(
        arguments: [",", ";", "\t", "|", "^"],
        ["sep=#\r\n", "SEP=#\n", "\"sep=#\"\r\n", "\u{FEFF}sep=#\r\n", "sep=##\r\n", "sep=#\r"])
    func `a line with the delimiter is recognised`(_ delimiter: String, _ hint: String) throws {
        let rows = "id#viber_id\r\n" + lines(12, "\r\n") { "\($0)#\(RealFormIDs.id($0))" } + "#\r\n"
        let spooled = try Spooled(csv: (hint + rows).replacing("#", with: delimiter))
        #expect(spooled.ids == RealFormIDs.first(12))
        #expect(spooled.source.column == "viber_id")
        // The `sep=` line counts as a line of the file.
        #expect(spooled.rejections.map(\.line) == [15])
    }
}
