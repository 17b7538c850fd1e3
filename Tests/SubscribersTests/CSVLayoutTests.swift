import Formats
import TestSupport
import Testing

@testable import Subscribers

@Suite struct CSVLayoutTests {
    /// The first line of a file, and which of its columns have ids below it.
    struct Layout: Sendable, CustomTestStringConvertible {
        var cells: [String]
        var idColumns: Set<Int>?
        var column: String?
        var noHeader = false
        var index: Int
        var name: String
        var hasHeader: Bool

        var testDescription: String { "\(cells) --column \(column ?? "-")\(noHeader ? " --no-header" : "")" }
    }

    /// The layout of a file with these cells in its first line, and three rows.
    private static func layout(
        _ cells: [String],
        idColumns: Set<Int>,
        column: String?,
        noHeader: Bool
    ) throws -> CSVLayout {
        var options = SourceOptions(path: "/data/list.csv")
        options.column = column
        options.noHeader = noHeader
        let rows = ["Ada", "Bob", "Eve"].map { name in
            cells.indices.map { idColumns.contains($0) ? viberID("\(name)\($0)") : "text \($0)" }
        }
        let text = ([cells] + rows).map { $0.joined(separator: ",") + "\n" }.joined()
        return try CSVReader(BytesInput(Array(text.utf8)[...]), options: options).layout
    }

    @Test(arguments: [
        // Known names at any position and in any spelling.
        Layout(cells: ["id"], index: 0, name: "id", hasHeader: true),
        Layout(cells: ["ID"], index: 0, name: "ID", hasHeader: true),
        Layout(cells: ["name", "User_Id"], index: 1, name: "User_Id", hasHeader: true),
        Layout(cells: ["name", "SUBSCRIBER_ID", "x"], index: 1, name: "SUBSCRIBER_ID", hasHeader: true),
        Layout(cells: ["vIbEr_iD", "x"], index: 0, name: "vIbEr_iD", hasHeader: true),
        Layout(cells: ["x", "Receiver"], index: 1, name: "Receiver", hasHeader: true),
        Layout(cells: ["x", "Viber ID"], index: 1, name: "Viber ID", hasHeader: true),
        Layout(cells: ["x", "viberUserId"], index: 1, name: "viberUserId", hasHeader: true),
        Layout(cells: ["x", "Viber-Chat-ID"], index: 1, name: "Viber-Chat-ID", hasHeader: true),
        Layout(cells: ["x", "receiver__id"], index: 1, name: "receiver__id", hasHeader: true),
        // The most specific of several.
        Layout(
            cells: ["receiver", "viber_id", "id"], idColumns: [0, 1, 2], index: 1, name: "viber_id", hasHeader: true),
        Layout(
            cells: ["receiver", "id", "subscriber_id"], idColumns: [0, 1, 2], index: 2, name: "subscriber_id",
            hasHeader: true),
        // The most specific of those that look like Viber ids.
        Layout(cells: ["viber_id", "id"], idColumns: [1], index: 1, name: "id", hasHeader: true),
        Layout(cells: ["id", "user_id", "receiver"], idColumns: [1], index: 1, name: "user_id", hasHeader: true),
        // By name: exactly as written, which makes the line a header.
        Layout(cells: ["name", "Viber"], column: "Viber", index: 1, name: "Viber", hasHeader: true),
        Layout(cells: ["id", "who"], column: "who", index: 1, name: "who", hasHeader: true),
        Layout(cells: ["ID", "id"], column: "id", index: 1, name: "id", hasHeader: true),
        Layout(cells: ["2", "1"], column: "1", index: 1, name: "1", hasHeader: true),
        // Whatever the cells look like.
        Layout(cells: ["id", "who"], idColumns: [0], column: "who", index: 1, name: "who", hasHeader: true),
        // By position: a header only if a known name is there.
        Layout(cells: ["a", "b"], column: "2", index: 1, name: "2", hasHeader: false),
        Layout(cells: ["a", "b"], column: "1", index: 0, name: "1", hasHeader: false),
        Layout(cells: ["user_id", "b"], column: "2", index: 1, name: "b", hasHeader: true),
        // One column without a known name: its first line is data.
        Layout(cells: ["abc=="], index: 0, name: "1", hasHeader: false),
        Layout(cells: ["identity"], index: 0, name: "1", hasHeader: false),
        Layout(cells: ["abc=="], column: "1", index: 0, name: "1", hasHeader: false),
        // One column with a known name is read whatever it looks like.
        Layout(cells: ["id"], idColumns: [], index: 0, name: "id", hasHeader: true),
        // --no-header: data, whatever the line contains.
        Layout(cells: ["id"], noHeader: true, index: 0, name: "1", hasHeader: false),
        Layout(cells: ["id", "user_id"], column: "2", noHeader: true, index: 1, name: "2", hasHeader: false),
    ])
    func `finds the column and the header`(_ layout: Layout) throws {
        let found = try Self.layout(
            layout.cells, idColumns: layout.idColumns ?? [layout.index], column: layout.column,
            noHeader: layout.noHeader)
        #expect(found.column == layout.index)
        #expect(found.columnName == layout.name)
        #expect(found.hasHeader == layout.hasHeader)
        #expect(found.width == layout.cells.count)
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        var cells: [String]
        var idColumns: Set<Int> = []
        var column: String?
        var noHeader = false
        var error: SourceError

        var testDescription: String { "\(cells) --column \(column ?? "-")\(noHeader ? " --no-header" : "")" }
    }

    @Test(arguments: [
        Refusal(cells: ["a", "b"], error: .noKnownColumn(columns: ["a", "b"], others: [], name: "list.csv")),
        Refusal(
            cells: ["a", "b"], idColumns: [1],
            error: .noKnownColumn(columns: ["a", "b"], others: [.init(described: "b", column: "b")], name: "list.csv")),
        Refusal(
            cells: ["a", "b"], noHeader: true, error: .noKnownColumn(columns: ["a", "b"], others: [], name: "list.csv")),
        Refusal(
            cells: ["id", "b"], idColumns: [0], noHeader: true,
            error: .noKnownColumn(
                columns: ["id", "b"], others: [.init(described: "id", column: "id")], name: "list.csv")),
        Refusal(
            cells: ["id", "b"],
            error: .noColumnLooksRight(
                candidates: [.init(column: "id", content: "text with blanks", isBlobs: false)], others: [],
                name: "list.csv")),
        Refusal(
            cells: ["id", "b", "viber_id"], idColumns: [1],
            error: .noColumnLooksRight(
                candidates: [
                    .init(column: "viber_id", content: "text with blanks", isBlobs: false),
                    .init(column: "id", content: "text with blanks", isBlobs: false),
                ], others: [.init(described: "b", column: "b")], name: "list.csv")),
        Refusal(
            cells: ["id", "x", "ID"], idColumns: [0, 2],
            error: .severalColumns(columns: ["id", "ID"], name: "list.csv")),
        Refusal(
            cells: ["Viber ID", "viber_id"], idColumns: [1],
            error: .severalColumns(columns: ["Viber ID", "viber_id"], name: "list.csv")),
        Refusal(cells: ["who", "who"], column: "who", error: .ambiguousColumn("who", name: "list.csv")),
        Refusal(cells: ["id"], column: "who", error: .noSuchColumn("who", columns: ["id"], name: "list.csv")),
        Refusal(cells: ["Who"], column: "who", error: .noSuchColumn("who", columns: ["Who"], name: "list.csv")),
        Refusal(cells: ["a", "b"], column: "3", error: .noSuchColumn("3", columns: ["a", "b"], name: "list.csv")),
        Refusal(cells: ["a", "b"], column: "0", error: .noSuchColumn("0", columns: ["a", "b"], name: "list.csv")),
        Refusal(cells: ["a", "b"], column: "-1", error: .noSuchColumn("-1", columns: ["a", "b"], name: "list.csv")),
        Refusal(cells: ["id"], column: "id", noHeader: true, error: .positionNeeded("id")),
        Refusal(
            cells: ["a"], column: "2", noHeader: true, error: .noSuchColumn("2", columns: ["a"], name: "list.csv")),
        // A first line that is data is not printed.
        Refusal(
            cells: [viberID("Tom"), "Tom"], idColumns: [0],
            error: .noKnownColumn(
                columns: ["1 (Viber ids)", "2 (text with blanks)"], others: [.init(described: "1", column: "1")],
                name: "list.csv")),
        Refusal(
            cells: ["Tom", "380501234567"], column: "who",
            error: .noSuchColumn(
                "who", columns: ["1 (text with blanks)", "2 (text with blanks)"], name: "list.csv")),
    ])
    func `refuses what it cannot decide`(_ refusal: Refusal) {
        #expect(throws: refusal.error) {
            try Self.layout(
                refusal.cells, idColumns: refusal.idColumns, column: refusal.column, noHeader: refusal.noHeader)
        }
    }

    @Test func `the error names the columns`() {
        let error = SourceError.noSuchColumn("viber", columns: ["id", "first name"], name: "list.csv")
        #expect(error.description == "list.csv has no column 'viber'; it has: 'id', 'first name'")
    }

    @Test func `the error names a column under another name that looks right`() {
        let error = SourceError.noKnownColumn(
            columns: ["a", "Ідентифікатор"], others: [.init(described: "Ідентифікатор", column: "Ідентифікатор")],
            name: "list.csv")
        #expect(
            error.description
                == "list.csv has several columns and none with a known name. 'Ідентифікатор' looks right: "
                + "--column 'Ідентифікатор'. The columns are: 'a', 'Ідентифікатор'")
    }

    @Test func `a long list of columns is truncated`() {
        let error = SourceError.noKnownColumn(columns: (1...25).map { "c\($0)" }, others: [], name: "list.csv")
        #expect(error.description.hasSuffix("'c20', and 5 more"))
    }
}
