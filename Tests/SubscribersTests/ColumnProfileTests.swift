import Testing

@testable import Subscribers

/// The exact limits of "looks like Viber ids".
@Suite struct ColumnProfileTests {
    private static let hash = "9e107d9d372bb6826bd81d3542a419d6ffff"
    private static let cuid = "clh3k2j5h000008l3h7q2f9z1"

    /// A column of these cells, each with its number of occurrences; `id` stands for ids of the real form.
    private func profile(_ cells: [(count: Int, cell: String)]) -> ColumnProfile {
        var profile = ColumnProfile()
        var line = 1
        for (count, cell) in cells {
            for number in 0..<count {
                line += 1
                profile.add(.text(Array((cell == "id" ? RealFormIDs.id(number) : cell).utf8)[...]), line: line)
            }
        }
        return profile
    }

    @Test(
        arguments: [
            ([(1, "id")], true), ([(9, "id"), (1, "x")], true), ([(1, "x"), (9, "id")], true),
            ([(8, "id"), (1, "x")], false),
            ([(90, "id"), (10, "x")], true), ([(89, "id"), (11, "x")], false), ([(899, "id"), (101, "x")], false),
            ([(900, "id"), (100, "x")], true), ([(10, "id"), (1, "1")], true), ([(9, "id"), (2, "1")], false),
            // Half of those with the form are mixed.
            ([(50, "id"), (50, hash)], true), ([(49, "id"), (51, hash)], false), ([(1, "id"), (1, cuid)], true),
            ([(1, "id"), (2, cuid)], false), ([(100, cuid)], false), ([(100, hash)], false),
            // Neither digits nor phone numbers nor UUIDs count.
            ([(9, "id"), (1, "380501112233")], true), ([(8, "id"), (2, "380501112233")], false),
            ([(8, "id"), (2, "+380501112233")], false), ([(8, "id"), (2, "840a497bf9b04d478f836f06e13317b2")], false),
            // Only the first 1,000 cells count, without blank ones.
            ([(1_000, "id"), (9_000, "x")], true), ([(900, "id"), (9_100, "x")], true),
            ([(899, "id"), (9_101, "x")], false),
            ([(1_000, "x"), (9_000, "id")], false), ([(101, "x"), (5_000, "id")], false),
            ([(100, "x"), (5_000, "id")], true),
            ([(5_000, ""), (9, "id"), (5_000, " "), (1, "x")], true), ([(5_000, ""), (1, "id")], true),
            ([(10, "\u{A0}"), (1, "id"), (10, "\u{200B}\u{FEFF} ")], true), ([(100, "")], false), ([], false),
        ] as [([(Int, String)], Bool)])
    func `a column looks right by nine tenths and by half`(_ cells: [(Int, String)], _ looksRight: Bool) {
        #expect(profile(cells.map { (count: $0.0, cell: $0.1) }).looksLikeViberIDs == looksRight)
    }

    @Test(arguments: [
        ("id", "Viber ids"), ("17", "whole numbers"), ("380501112233", "phone numbers"),
        ("+380501112233", "phone numbers"),
        ("840a497b-f9b0-4d47-8f83-6f06e13317b2", "UUIDs"), ("840a497bf9b04d478f836f06e13317b2", "UUIDs"),
        ("marker@example.com", "e-mail addresses"), (hash, "ids of another kind"), (cuid, "ids of another kind"),
        ("'abc", "quotes"), ("Marker Ann", "blanks"), ("x", "other text"), ("", "no values"), ("a;b", "delimiter"),
    ])
    func `a column is described by its most frequent kind`(_ cell: String, _ content: String) {
        #expect(profile([(10, cell)]).content.contains(content))
        if !cell.isEmpty { #expect(profile([(10, cell), (3, "id"), (1, "?")]).content.contains(content)) }
        #expect(!profile([(10, cell)]).content.contains("marker@"))
    }

    @Test func `numbers and BLOBs of a database count and nulls do not`() {
        var profile = ColumnProfile()
        for line in 1...9 { profile.add(.text(Array(RealFormIDs.id(line).utf8)[...]), line: line) }
        for line in 10...50 { profile.add(.unusable(.null, []), line: line) }
        profile.add(.number([0x31]), line: 51)
        #expect(profile.cells == 10)
        #expect(profile.looksLikeViberIDs)
        #expect(profile.firstOtherLine == 51)
        profile.add(.blob([0x31]), line: 52)
        #expect(!profile.looksLikeViberIDs)
        #expect(!profile.isMostlyBlobs)
        for line in 53...70 { profile.add(.blob([]), line: line) }
        #expect(profile.isMostlyBlobs)
        #expect(profile.content == "BLOBs")
    }

    /// The limits in a whole source: rows 10,000 and 10,001, cells 1,000 and 1,001.
    @Test(arguments: [(9_999, true), (10_000, false)])
    func `the first 10000 rows are searched for ids`(_ blanks: Int, _ isFound: Bool) async throws {
        let csv = "n,viber_id\n" + lines(blanks) { "\($0)," } + lines(30) { "\($0),\(RealFormIDs.id($0))" }
        let sql = """
            CREATE TABLE users(n INTEGER PRIMARY KEY, viber_id TEXT);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(blanks))
            INSERT INTO users SELECT i, NULL FROM n;
            """ + insert("users", 30) { "\($0 + blanks), '\(RealFormIDs.id($0))'" }
        try await withDatabase(sql) { path in try check(csv, path, isFound ? RealFormIDs.first(30) : nil) }
    }

    @Test(arguments: [(900, true), (899, false)])
    func `the first 1000 cells decide`(_ count: Int, _ isFound: Bool) async throws {
        let csv =
            "n,viber_id\n" + lines(count) { "\($0),\(RealFormIDs.id($0))\n0," } + lines(5_000) { "\($0),x\($0)" }
        let sql =
            "CREATE TABLE users(n INTEGER, viber_id TEXT);"
            + insert("users", count) { "\($0), '\(RealFormIDs.id($0))'" }
            + insert("users", 5_000) { "\($0), 'x\($0)'" }
        try await withDatabase(sql) { path in try check(csv, path, isFound ? RealFormIDs.first(count) : nil) }
    }

    /// Whether both sources start with these ids, or are refused.
    private func check(_ csv: String, _ path: String, _ ids: [[UInt8]]?) throws {
        if let ids {
            let fromCSV = try Spooled(csv: csv).ids
            let fromDatabase = try Spooled(database: path).ids
            #expect(fromCSV.prefix(ids.count) == ids[...])
            #expect(fromDatabase.prefix(ids.count) == ids[...])
        } else {
            #expect(throws: SourceError.self) { try Spooled(csv: csv) }
            #expect(throws: SourceError.self) { try Spooled(database: path) }
        }
    }
}
