import Model
import Testing

@testable import Subscribers

@Suite struct CSVLayoutTests {
    struct Layout: Sendable, CustomTestStringConvertible {
        var cells: [String]
        var column: String?
        var noHeader = false
        var index: Int
        var name: String
        var hasHeader: Bool

        var testDescription: String { "\(cells) --column \(column ?? "-")\(noHeader ? " --no-header" : "")" }
    }

    @Test(arguments: [
        // Known names, in any ASCII case and any place.
        Layout(cells: ["id"], index: 0, name: "id", hasHeader: true),
        Layout(cells: ["ID"], index: 0, name: "ID", hasHeader: true),
        Layout(cells: ["name", "User_Id"], index: 1, name: "User_Id", hasHeader: true),
        Layout(cells: ["name", "SUBSCRIBER_ID", "x"], index: 1, name: "SUBSCRIBER_ID", hasHeader: true),
        Layout(cells: ["vIbEr_iD", "x"], index: 0, name: "vIbEr_iD", hasHeader: true),
        Layout(cells: ["x", "Receiver"], index: 1, name: "Receiver", hasHeader: true),
        // The most telling of several.
        Layout(cells: ["receiver", "viber_id", "id"], index: 2, name: "id", hasHeader: true),
        Layout(cells: ["receiver", "viber_id", "subscriber_id"], index: 2, name: "subscriber_id", hasHeader: true),
        // By name: exactly as written, which makes the line a header.
        Layout(cells: ["name", "Viber"], column: "Viber", index: 1, name: "Viber", hasHeader: true),
        Layout(cells: ["id", "who"], column: "who", index: 1, name: "who", hasHeader: true),
        Layout(cells: ["ID", "id"], column: "id", index: 1, name: "id", hasHeader: true),
        Layout(cells: ["2", "1"], column: "1", index: 1, name: "1", hasHeader: true),
        // By position: a header only if a known name is there.
        Layout(cells: ["a", "b"], column: "2", index: 1, name: "2", hasHeader: false),
        Layout(cells: ["a", "b"], column: "1", index: 0, name: "1", hasHeader: false),
        Layout(cells: ["user_id", "b"], column: "2", index: 1, name: "b", hasHeader: true),
        // One column without a known name: its first line is data.
        Layout(cells: ["abc=="], index: 0, name: "1", hasHeader: false),
        Layout(cells: ["identity"], index: 0, name: "1", hasHeader: false),
        Layout(cells: ["abc=="], column: "1", index: 0, name: "1", hasHeader: false),
        // --no-header: data whatever it holds.
        Layout(cells: ["id"], noHeader: true, index: 0, name: "1", hasHeader: false),
        Layout(cells: ["id", "user_id"], column: "2", noHeader: true, index: 1, name: "2", hasHeader: false),
    ])
    func findsTheColumnAndTheHeader(_ layout: Layout) throws {
        var options = SourceOptions(path: "/data/list.csv")
        options.column = layout.column
        options.noHeader = layout.noHeader
        let found = try CSVLayout(firstRecord: layout.cells, options: options)
        #expect(found.column == layout.index)
        #expect(found.columnName == layout.name)
        #expect(found.hasHeader == layout.hasHeader)
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        var cells: [String]
        var column: String?
        var noHeader = false
        var error: SourceError

        var testDescription: String { "\(cells) --column \(column ?? "-")\(noHeader ? " --no-header" : "")" }
    }

    @Test(arguments: [
        Refusal(cells: ["a", "b"], error: .needsColumn(columns: ["a", "b"], name: "list.csv")),
        Refusal(cells: ["a", "b"], noHeader: true, error: .needsColumn(columns: ["a", "b"], name: "list.csv")),
        Refusal(cells: ["id", "b"], noHeader: true, error: .needsColumn(columns: ["id", "b"], name: "list.csv")),
        Refusal(cells: ["id", "x", "ID"], error: .ambiguousColumn("id", name: "list.csv")),
        Refusal(cells: ["who", "who"], column: "who", error: .ambiguousColumn("who", name: "list.csv")),
        Refusal(cells: ["id"], column: "who", error: .noSuchColumn("who", columns: ["id"], name: "list.csv")),
        Refusal(cells: ["Who"], column: "who", error: .noSuchColumn("who", columns: ["Who"], name: "list.csv")),
        Refusal(cells: ["a", "b"], column: "3", error: .noSuchColumn("3", columns: ["a", "b"], name: "list.csv")),
        Refusal(cells: ["a", "b"], column: "0", error: .noSuchColumn("0", columns: ["a", "b"], name: "list.csv")),
        Refusal(cells: ["a", "b"], column: "-1", error: .noSuchColumn("-1", columns: ["a", "b"], name: "list.csv")),
        Refusal(cells: ["id"], column: "id", noHeader: true, error: .positionNeeded("id")),
        Refusal(
            cells: ["a"], column: "2", noHeader: true, error: .noSuchColumn("2", columns: ["a"], name: "list.csv")),
    ])
    func refusesWhatItCannotDecide(_ refusal: Refusal) {
        var options = SourceOptions(path: "/data/list.csv")
        options.column = refusal.column
        options.noHeader = refusal.noHeader
        #expect(throws: refusal.error) { try CSVLayout(firstRecord: refusal.cells, options: options) }
    }

    @Test func theRefusalNamesTheColumnsThereAre() {
        let error = SourceError.noSuchColumn("viber", columns: ["id", "first name"], name: "list.csv")
        #expect(error.description == "list.csv has no column 'viber'; it has: 'id', 'first name'")
    }

    @Test func aLongListOfColumnsIsCut() {
        let error = SourceError.needsColumn(columns: (1...25).map { "c\($0)" }, name: "list.csv")
        #expect(error.description.hasSuffix("'c20', and 5 more"))
    }
}
