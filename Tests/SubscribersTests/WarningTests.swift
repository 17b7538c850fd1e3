import Model
import Subscribers
import TestSupport
import Testing

/// Ids that look like a mistake are requested unchanged; each kind is reported once.
@Suite struct WarningTests {
    /// Spools a list with these ids after others, the first of them on line 22.
    private func spooled(_ ids: [String], _ adjust: (inout [String]) -> Void = { _ in }) throws -> Spooled {
        var lines = ["id"] + many + ids
        adjust(&lines)
        return try Spooled(csv: lines.map { $0 + "\n" }.joined())
    }

    @Test(arguments: [
        ("1234567", "looks like a phone number"), ("380501234567", "looks like a phone number"),
        ("+1234567", "looks like a phone number"), ("+380501234567", "looks like a phone number"),
        ("123456789012345", "looks like a phone number"), ("1234 567", "looks like a phone number"),
        ("+38 (050) 123-45-67", "looks like a phone number"),
        ("123456", "consists of digits only"), ("1234567890123456", "consists of digits only"),
        ("pa:1", "begins with 'pa:'"), ("pa:75346594275468546724", "begins with 'pa:'"),
        ("3fa85f64-5717-4562-b3fc-2c963f66afa6", "looks like a UUID"),
        ("3FA85F6457174562B3FC2C963F66AFA6", "looks like a UUID"),
        ("ann@example.com", "looks like an e-mail address"),
        ("'\(ada)", "has a quote or an apostrophe around it"), ("“\(ada)”", "has a quote or an apostrophe around it"),
        ("b'\(ada)'", "has a quote or an apostrophe around it"),
        ("q0u1v2%2Bx3y4%2Fz5A6B7C8Dg%3D%3D", "looks percent-encoded"),
        ("\"\(ada),1\"", "contains a delimiter"), ("\(ada);\(bob)", "contains a delimiter"),
        ("PA:3", "contains a delimiter"), ("spa:4", "contains a delimiter"),
        ("q0u1v2 x3y4/z5A6B7C8Dg==", "contains a blank"),
        ("\(ada)\(bob)", "looks like two ids without a line end between them"),
        ("+123456", "does not look like a Viber id"), ("1234567=", "does not look like a Viber id"),
        ("١٢٣٤٥٦٧٨", "does not look like a Viber id"), ("abc", "does not look like a Viber id"),
        (String(repeating: "aB", count: 33), "does not look like a Viber id"),
    ])
    func `an ID that looks like a mistake is requested with a warning`(_ id: String, _ what: String) throws {
        let spooled = try spooled([id])
        let expected = id.hasPrefix("\"") ? String(id.dropFirst().dropLast()) : id
        #expect(spooled.ids == many.map { Array($0.utf8) } + ids(expected))
        #expect(spooled.warnings.count == 1)
        let warning = try #require(spooled.warnings.first)
        #expect(warning.hasPrefix("1 id \(what)"), "\(warning)")
        #expect(warning.contains(", on line 22"), "\(warning)")
        #expect(!warning.contains(expected), "\(warning)")
    }

    @Test(arguments: [
        "01234567890A==", "abcdefghij", "ABCDEFGHIJ", "0123456789=", "aB+/aB+/aB+/", String(repeating: "aB", count: 32),
    ])
    func `an ID of the right form is not reported`(_ id: String) throws {
        let spooled = try spooled([id])
        #expect(spooled.ids.last == Array(id.utf8))
        #expect(spooled.warnings.isEmpty)
    }

    @Test func `each kind is reported once with its count of different IDs and its first line`() throws {
        let spooled = try spooled(["+380501234567", "pa:2", "pa:3", "380501234567", "pa:2", "380501234568"]) {
            // Enough ids for nine tenths of the cells.
            $0 += (1...60).map { viberID("More\($0)") }
        }
        #expect(spooled.source.duplicates == 1)
        #expect(spooled.warnings.count == 2)
        #expect(spooled.warnings.first?.hasPrefix("3 ids look like phone numbers, the first on line 22;") == true)
        #expect(spooled.warnings.last?.hasPrefix("2 ids begin with 'pa:', the first on line 23;") == true)
    }

    /// With one column there is no choice.
    @Test func `one column that does not look right is read with a warning`() throws {
        let spooled = try Spooled(csv: "id\n\(ada)\n380501234567\n380501234568\n")
        #expect(spooled.ids == ids(ada, "380501234567", "380501234568"))
        #expect(
            spooled.warnings == [
                "column 'id' of list.csv does not look like Viber ids: it holds phone numbers (2 of the first 3 cells "
                    + "in another form, the first on line 3)",
                "2 ids look like phone numbers, the first on line 3; the API knows subscribers by Viber id only",
            ])
    }

    @Test func `a requested column is read with a warning`() throws {
        let text = "id,phone\n\(ada),0501234567\n\(bob),0501234568\n"
        let spooled = try Spooled(csv: text) { $0.column = "phone" }
        #expect(spooled.ids == ids("0501234567", "0501234568"))
        #expect(
            spooled.warnings.first
                == "column 'phone' of list.csv does not look like Viber ids: it holds phone numbers (2 of the first 2 cells "
                + "in another form, the first on line 2)")
    }

    @Test func `a first line unlike the others is reported if there is no header`() throws {
        let rest = many.map { $0 + "\n" }.joined()
        let spooled = try Spooled(csv: "Abonenten\n" + rest)
        #expect(spooled.ids == ids("Abonenten") + many.map { Array($0.utf8) })
        #expect(spooled.warnings.contains { $0.hasPrefix("the first line of list.csv does not look like the others") })
        // With --no-header the user confirmed it.
        let withoutHeader = try Spooled(csv: "Abonenten\n" + rest) { $0.noHeader = true }
        #expect(!withoutHeader.warnings.contains { $0.hasPrefix("the first line") })
        #expect(try Spooled(csv: "\(ada)\n" + rest).warnings.isEmpty)
    }

    @Test func `many rejected rows are reported`() throws {
        let rows = many.map { "x,\($0)\n" }.joined()
        #expect(try Spooled(csv: "name,id\n" + rows + "x,\nx,\n").warnings.isEmpty)
        let spooled = try Spooled(csv: "name,id\n" + rows + "x,\nx\nx,\n")
        #expect(
            spooled.warnings == [
                "3 of 23 rows of list.csv were rejected (2 blank, 1 missing_field), the first on line 22; rejected.csv "
                    + "in the snapshot lists them"
            ])
    }
}
