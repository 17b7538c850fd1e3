import Model
import Subscribers
import Testing

/// Lists with damaged ids: each kind is reported with a count and the first line.
@Suite struct IDWarningTests {
    /// In each cell `#` stands for a digit that makes the cells different, and `@` for an id of the real form.
    static let spoiled: [(cell: String, warning: String)] = [
        ("38050111223#", "phone number"), ("+38050111223#", "phone number"), ("38 (050) 111-22-3#", "phone number"),
        ("123456#", "phone number"), ("pa:753465942754685467#", "pa:"), ("'@", "apostrophe"), ("'@'", "apostrophe"),
        ("\"@\"", "quote"), ("“@”", "quote"), ("=\"@\"", "quote"), ("b'@'", "quote"),
        ("pU3KGCUwux1tEyze1iN7L#%3D%3D", "percent"),
        ("2R4%2Fch%2FLGXEXRJTWSTy#XA%3d%3d", "percent"), ("@;", "delimiter"), ("@:Ann", "delimiter"),
        ("@,@", "delimiter"),
        ("@|1", "delimiter"), ("1#", "digits"), ("12345678901234567#", "digits"),
        ("840a497b-f9b0-4d47-8f83-6f06e13317b#", "UUID"), ("840A497BF9B04D478F836F06E13317B#", "UUID"),
        ("{840a497b-f9b0-4d47-8f83-6f06e13317b#}", "UUID"), ("marker#@example.com", "e-mail"), ("@@", "two ids"),
        ("NGC MSAeaf7aoO7ouZl/X#==", "blank"), ("2R4\\/ch\\/LGXEXRJTWSTydX#==", "does not look"),
    ]

    private func cell(_ template: String, _ number: Int) -> String {
        if template.hasPrefix("marker") { return template.replacing("#", with: "\(number)") }
        return template.replacing("#", with: "\(number)").replacing("@", with: RealFormIDs.id(900 + number))
    }

    /// 22 rows, of which these contain damaged cells.
    private func cells(_ template: String, _ rows: [Int]) -> [String] {
        (1...22).map { rows.contains($0) ? cell(template, rows.firstIndex(of: $0) ?? 0) : RealFormIDs.id($0) }
    }

    private func check(_ spooled: Spooled, _ what: String, count: Int, first: String) {
        #expect(spooled.ids.count == 22)
        #expect(spooled.warnings.count == 1, "\(spooled.warnings)")
        let warning = spooled.warnings.first ?? ""
        #expect(warning.hasPrefix(count == 1 ? "1 id " : "\(count) ids "))
        // "look like phone numbers" for several.
        #expect(warning.contains(what == "does not look" && count > 1 ? "do not look" : what), "\(warning)")
        #expect(warning.contains("on \(first)"), "\(warning)")
        #expect(!warning.contains("marker") && !warning.contains("0501112") && !warning.contains("KGCUwux1"))
    }

    @Test(arguments: spoiled)
    func `the warning about a list gives the line`(_ template: String, _ warning: String) throws {
        for rows in [[5], [1], [22], [5, 9]] {
            let list = cells(template, rows).map { "\"\($0.replacing("\"", with: "\"\""))\"" }
            let first = "line \(rows[0] + 1)"
            let one = "viber_id\n" + list.joined(separator: "\n")
            check(try Spooled(csv: one), warning, count: rows.count, first: first)
            let two = "viber_id,name\n" + list.map { $0 + ",x\n" }.joined()
            check(try Spooled(csv: two), warning, count: rows.count, first: first)
        }
    }

    @Test(arguments: spoiled)
    func `the warning about a database gives the row`(_ template: String, _ warning: String) async throws {
        for rows in [[5], [5, 9]] {
            let values = cells(template, rows).map { "('\($0.replacing("'", with: "''"))')" }.joined(separator: ",")
            try await withDatabase("CREATE TABLE users(viber_id TEXT); INSERT INTO users VALUES\(values);") { path in
                check(try Spooled(database: path), warning, count: rows.count, first: "row 5")
            }
        }
    }

    @Test func `each kind is reported separately`() throws {
        let text =
            "viber_id\n" + lines(60) { RealFormIDs.id($0) } + "380501112233\n'\(RealFormIDs.id(61))\n7\npa:1\n8\n"
        let warnings = try Spooled(csv: text).warnings
        #expect(warnings.count == 4)
        for (what, line) in [("phone", 62), ("apostrophe", 63), ("digits", 64), ("pa:", 65)] {
            #expect(warnings.contains { $0.contains(what) && $0.contains("line \(line)") }, "\(what): \(warnings)")
        }
    }

    @Test func `a clean list gives no warning`() async throws {
        let expected = RealFormIDs.first(500)
        let insertion = insert("users", 500) { "\($0), '\(RealFormIDs.id($0))', 'Ann; or: \"A, B\"'" }
        for text in [
            lines(500) { RealFormIDs.id($0) }, "viber_id\n" + lines(500) { RealFormIDs.id($0) },
            "id;viber_id;name\r\n" + lines(500, "\r\n") { "\($0);\(RealFormIDs.id($0));Ann" },
            "\u{FEFF}\"id\",\"viber_id\"\n" + lines(500) { "\"\($0)\",\"\(RealFormIDs.id($0))\"" },
            // Trimmed characters are not a mistake.
            "viber_id\n" + lines(500) { " \(RealFormIDs.id($0))\u{A0}\u{200B}" },
        ] {
            let spooled = try Spooled(csv: text)
            #expect(spooled.ids == expected)
            #expect(spooled.warnings.isEmpty, "\(spooled.warnings)")
        }
        try await withDatabase("CREATE TABLE users(id INTEGER, viber_id TEXT, name TEXT);" + insertion) { path in
            for query in [nil, "SELECT viber_id FROM users"] {
                let spooled = try Spooled(database: path) { $0.query = query }
                #expect(spooled.ids == expected)
                #expect(spooled.warnings.isEmpty, "\(spooled.warnings)")
            }
        }
    }

    /// More than a tenth is reported, a tenth is not.
    @Test(arguments: [(10, false), (11, true)])
    func `rejected rows are reported if they are more than a tenth`(_ count: Int, _ isReported: Bool) async throws {
        let csv = "n,viber_id\n" + lines(100 - count) { "\($0),\(RealFormIDs.id($0))" } + lines(count) { "\($0),NULL" }
        let sql =
            "CREATE TABLE users(viber_id TEXT);" + insert("users", 100 - count) { "'\(RealFormIDs.id($0))'" }
            + insert("users", count) { _ in "NULL" }
        try await withDatabase(sql) { path in
            for (spooled, first) in [
                (try Spooled(csv: csv), "line \(102 - count)"), (try Spooled(database: path), "row \(101 - count)"),
            ] {
                #expect(spooled.source.rejectedTotal == count)
                let warning = spooled.warnings.first ?? ""
                #expect(spooled.warnings.count == (isReported ? 1 : 0), "\(spooled.warnings)")
                if isReported { #expect(warning.contains("11 of 100 rows") && warning.contains(first), "\(warning)") }
            }
        }
    }

    /// `--column` and `--query` are followed; the warning has a count and the first line.
    @Test func `a requested column that looks wrong is reported`() async throws {
        let csv = "id,viber_id\n" + lines(30) { "\($0),\(RealFormIDs.id($0))" }
        let sql =
            "CREATE TABLE users(id TEXT, viber_id TEXT);" + insert("users", 30) { "'\($0)', '\(RealFormIDs.id($0))'" }
        try await withDatabase(sql) { path in
            for (spooled, first) in [
                (try Spooled(csv: csv) { $0.column = "id" }, "line 2"),
                (try Spooled(csv: csv) { $0.column = "1" }, "line 2"),
                (try Spooled(database: path) { $0.column = "id" }, "row 1"),
                (try Spooled(database: path) { $0.query = "SELECT id FROM users" }, "row 1"),
            ] {
                #expect(spooled.ids.count == 30)
                #expect(
                    spooled.warnings.contains {
                        $0.contains("does not look like Viber ids") && $0.contains("whole numbers") && $0.contains("30")
                            && $0.contains(first)
                    }, "\(spooled.warnings)")
            }
        }
    }
}
