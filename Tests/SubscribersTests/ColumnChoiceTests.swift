import Testing

@testable import Subscribers

/// Which column is chosen, only by names and contents.
@Suite struct ColumnChoiceTests {
    /// What a column contains.
    enum Cells: Sendable { case ids, numbers, uuids, blobs, nothing }

    struct Table: Sendable {
        var name: String?
        var columns: [(name: String, cells: Cells)]
        var hasRows = true

        init(_ name: String?, _ columns: [(String, Cells)], hasRows: Bool = true) {
            self.name = name
            self.columns = columns.map { (name: $0.0, cells: $0.1) }
            self.hasRows = hasRows
        }
    }

    private func chosen(_ tables: [Table]) throws -> String {
        let described = tables.map { table in
            ColumnChoice.Table(
                name: table.name, columns: table.columns.map { .init(name: $0.name, profile: profile($0.cells)) },
                hasRows: table.hasRows)
        }
        let choice = try ColumnChoice.among(described, source: "list")
        let table = described.first { $0.name == choice.table }
        #expect(table?.columns[choice.index].name == choice.column)
        return (choice.table.map { $0 + "." } ?? "") + choice.column
    }

    private func profile(_ cells: Cells) -> ColumnProfile {
        var profile = ColumnProfile()
        for line in 1...20 {
            switch cells {
            case .ids: profile.add(.text(Array(RealFormIDs.id(line).utf8)[...]), line: line)
            case .numbers: profile.add(.number(Array("\(line)".utf8)[...]), line: line)
            case .uuids: profile.add(.text(Array("840a497b-f9b0-4d47-8f83-6f06e13317b2".utf8)[...]), line: line)
            case .blobs: profile.add(.blob([]), line: line)
            case .nothing: profile.add(.unusable(.null, []), line: line)
            }
        }
        return profile
    }

    @Test(arguments: [
        ([Table(nil, [("id", .ids)])], "id"), ([Table(nil, [("id", .numbers), ("viber_id", .ids)])], "viber_id"),
        ([Table(nil, [("viber_id", .numbers), ("id", .ids)])], "id"),
        ([Table(nil, [("id", .ids), ("user_id", .ids)])], "user_id"),
        ([Table(nil, [("user_id", .ids), ("receiver_id", .ids)])], "receiver_id"),
        ([Table(nil, [("receiver_id", .ids), ("receiver", .ids)])], "receiver"),
        ([Table(nil, [("receiver", .ids), ("subscriber_id", .ids)])], "subscriber_id"),
        ([Table(nil, [("subscriber_id", .ids), ("viber_chat_id", .ids)])], "viber_chat_id"),
        ([Table(nil, [("viber_chat_id", .ids), ("viber_subscriber_id", .ids)])], "viber_subscriber_id"),
        ([Table(nil, [("viber_subscriber_id", .ids), ("viber_user_id", .ids)])], "viber_user_id"),
        ([Table(nil, [("viber_user_id", .ids), ("viber_id", .ids)])], "viber_id"),
        (
            [Table(nil, [("viber_id", .uuids), ("viber_user_id", .nothing), ("userId", .ids), ("id", .numbers)])],
            "userId"
        ),
        ([Table(nil, [("name", .ids), ("id", .ids)])], "id"),
        // A single column is chosen, whatever it contains.
        ([Table(nil, [("id", .numbers)])], "id"), ([Table(nil, [("who", .uuids)])], "who"),
        ([Table("t", [("viber_id", .nothing)])], "t.viber_id"),
        // The table that looks right.
        ([Table("a", [("id", .numbers)]), Table("b", [("user_id", .ids)])], "b.user_id"),
        ([Table("a", [("viber_id", .uuids)]), Table("b", [("id", .ids)])], "b.id"),
        ([Table("a", [("x", .ids)]), Table("b", [("id", .ids)])], "b.id"),
        // Tables without rows count only if no candidate has rows.
        ([Table("a", [("viber_id", .nothing)], hasRows: false), Table("b", [("id", .ids)])], "b.id"),
        ([Table("a", [("viber_id", .nothing)], hasRows: false), Table("b", [("x", .ids)])], "a.viber_id"),
        (
            [
                Table("a", [("id", .nothing)], hasRows: false),
                Table("b", [("id", .nothing), ("receiver", .nothing)], hasRows: false),
            ], "b.receiver"
        ),
        ([Table(nil, [("id", .nothing), ("viber_id", .nothing), ("name", .nothing)], hasRows: false)], "viber_id"),
    ])
    func `one column is chosen`(_ tables: [Table], _ expected: String) throws {
        #expect(try chosen(tables) == expected)
        #expect(try chosen(tables.reversed()) == expected)
    }

    @Test(
        arguments: [
            ([Table(nil, [("viber_id", .ids), ("ViberID", .ids)])], ["'viber_id'", "'ViberID'", "--column"]),
            // The more specific name occurs twice, so the other does not matter.
            ([Table(nil, [("viber_id", .ids), ("Viber ID", .ids), ("id", .ids)])], ["'viber_id'", "'Viber ID'"]),
            ([Table("a", [("id", .ids)]), Table("b", [("viber_id", .ids)])], ["'a.id'", "'b.viber_id'", "--table"]),
            (
                [Table("a", [("id", .ids)]), Table("b", [("id", .ids)]), Table("c", [("id", .ids)])],
                ["'a.id'", "'b.id'", "'c.id'"]
            ),
            (
                [Table(nil, [("id", .numbers), ("viber_id", .nothing)])],
                ["'id' holds whole numbers", "'viber_id' holds no values", "--column"]
            ),
            (
                [Table(nil, [("id", .numbers), ("who", .ids)])],
                ["'id' holds whole numbers", "'who' looks right", "--column 'who'"]
            ),
            (
                [Table("a", [("id", .numbers), ("n", .ids)]), Table("b", [("who", .ids)])],
                ["'a.n'", "'b.who'", "look right"]
            ),
            ([Table(nil, [("id", .blobs), ("name", .nothing)])], ["'id' holds BLOBs", "CAST"]),
            ([Table(nil, [("who", .ids), ("name", .nothing)])], ["'who' looks right", "--column 'who'", "'name'"]),
            ([Table(nil, [("who", .numbers), ("name", .nothing)])], ["'who'", "'name'", "--column"]),
            ([Table("a", [("x", .uuids)]), Table("b", [("y", .numbers)])], ["'a.x'", "'b.y'"]),
            (
                [
                    Table("a", [("viber_id", .nothing)], hasRows: false),
                    Table("b", [("ViberId", .nothing)], hasRows: false),
                ],
                ["'a.viber_id'", "'b.ViberId'", "--table"]
            ),
            (
                [Table(nil, [("viber_id", .nothing), ("ViberId", .nothing)], hasRows: false)],
                ["'viber_id'", "'ViberId'", "--column"]
            ),
            (
                [Table("a", [("viber_id", .nothing)], hasRows: false), Table("b", [("id", .uuids), ("x", .uuids)])],
                ["'b.id' holds UUIDs"]
            ),
        ] as [([Table], [String])])
    func `an ambiguous choice names the columns`(_ tables: [Table], _ says: [String]) {
        for tables in [tables, tables.reversed()] {
            let error = #expect(throws: SourceError.self) { try chosen(tables) }
            for text in says { #expect(error?.description.contains(text) == true, "\(error?.description ?? "")") }
        }
    }
}
