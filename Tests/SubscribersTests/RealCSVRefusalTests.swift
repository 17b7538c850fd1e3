import Subscribers
import Testing

/// Lists for which the column with the ids is ambiguous.
@Suite struct RealCSVRefusalTests {
    private static let id = RealFormIDs.id
    private static let name = PersonalData.name
    private static let phone = PersonalData.phone

    struct Doubt: Sendable, CustomTestStringConvertible {
        var what: String
        var text: String
        /// What the user needs to decide.
        var says: [String]

        var testDescription: String { what }
    }

    @Test(arguments: [
        Doubt(
            what: "row numbers beside names",
            text: "id,name\n" + lines(12) { "\($0),\(name)" }, says: ["'id' holds whole numbers", "--column"]),
        Doubt(
            what: "phone numbers as user_id beside row numbers",
            text: "id;user_id\n" + lines(12) { "\($0);+\(phone)" },
            says: ["'id' holds whole numbers", "'user_id' holds phone numbers"]),
        Doubt(
            what: "UUIDs beside e-mail addresses",
            text: "id,user_id\n"
                + lines(12) { "840a497b-f9b0-4d47-8f83-6f06e13317\($0 + 10),\(PersonalData.email)" },
            says: ["'id' holds UUIDs", "'user_id' holds e-mail addresses"]),
        Doubt(
            what: "an unknown header beside a known one",
            text: "id,Ідентифікатор\n" + lines(12) { "\($0),\(id($0))" },
            says: ["'id' holds whole numbers", "'Ідентифікатор' looks right", "--column 'Ідентифікатор'"]),
        Doubt(
            what: "headers in Cyrillic",
            text: "Номер;Ідентифікатор;Ім'я\n" + lines(12) { "\($0);\(id($0));\(name)" },
            says: ["'Ідентифікатор' looks right", "--column 'Ідентифікатор'", "Номер", "Ім'я"]),
        // As pandas.json_normalize and jq write Viber's callbacks.
        Doubt(
            what: "headers with dots",
            text: "sender.id,sender.name\n" + lines(12) { "\(id($0)),\(name)" },
            says: ["'sender.id' looks right", "--column 'sender.id'", "sender.name"]),
        Doubt(
            what: "headers with a slash",
            text: "Ідентифікатор;Country/Region\n" + lines(12) { "\(id($0));UA" },
            says: ["'Ідентифікатор' looks right", "--column 'Ідентифікатор'", "Country/Region"]),
        Doubt(
            what: "headers with digits, in camel case",
            text: "Ідентифікатор;activeLast24h\n" + lines(12) { "\(id($0));1" },
            says: ["'Ідентифікатор' looks right", "--column 'Ідентифікатор'", "activeLast24h"]),
        Doubt(
            what: "a long header, as forms of Google have",
            text: "Time,What is the id that our bot in Viber wrote to you when you first opened it?\n"
                + lines(12) { "\($0),\(id($0))" },
            says: ["--column 'What is the id that our bot in Viber wrote to you when you first opened it?'"]),
        Doubt(
            what: "chat_id, which is not a known name",
            text: "chat_id,first_name\n" + lines(12) { "\(id($0)),\(name)" },
            says: ["'chat_id' looks right", "--column 'chat_id'", "first_name"]),
        Doubt(
            what: "two columns of one name",
            text: "viber_id,name,Viber ID\n" + lines(12) { "\(id($0)),\(name),\(id($0 + 50))" },
            says: ["'viber_id'", "'Viber ID'", "--column"]),
        Doubt(
            what: "a title above the header",
            text: "My bot\n\nn;viber_id;name\n" + lines(12) { "\($0);\(id($0));\(name)" },
            says: ["line 1", "Line 3 looks like the header"]),
        Doubt(
            what: "a title that is padded with delimiters",
            text: "My bot;;\nn;viber_id;name\n" + lines(12) { "\($0);\(id($0));\(name)" },
            says: ["line 1", "Line 2 looks like the header"]),
        Doubt(
            what: "a title with a comma above a header with semicolons",
            text: "Subscribers, exported 2026-11-21\nn;viber_id;name\n" + lines(12) { "\($0);\(id($0));\(name)" },
            says: ["Line 2 looks like the header"]),
        Doubt(
            what: "a padded title above headers in Cyrillic",
            text: "My bot;;\nНомер;Ідентифікатор;Ім'я\n" + lines(12) { "\($0);\(id($0));\(name)" },
            says: ["line 1", "header"]),
        Doubt(
            what: "two columns with exactly one name, which --column cannot distinguish",
            text: "viber_id,viber_id\n" + lines(12) { "\(id($0)),\(id($0 + 50))" }, says: ["'viber_id'", "position"]),
        Doubt(
            what: "JSON without quotes around it beside the ids",
            text: "viber_id,raw\n" + lines(12) { "\(id($0)),{\"name\":\"\(name)\"}" }, says: ["quot"]),
        Doubt(
            what: "a comment above the header",
            text: "# exported 2026-11-21\nn,viber_id,name\n" + lines(12) { "\($0),\(id($0)),\(name)" },
            says: ["line 1", "Line 2 looks like the header"]),
        Doubt(
            what: "a header of one column above rows of two",
            text: "id\n" + lines(12) { "\($0),\(id($0))" }, says: ["line 1", "header", "--column"]),
        Doubt(
            what: "R, whose header has no name for the row names",
            text: "\"viber_id\",\"name\"\n" + lines(12) { "\"\($0)\",\"\(id($0))\",\"\(name)\"" },
            says: ["line 1", "header"]),
        Doubt(
            what: "several columns without a header",
            text: lines(12) { "\($0)\t\(id($0))\t\(name)" },
            says: ["1 (whole numbers)", "2 (Viber ids)", "--column '2'"]),
        Doubt(
            what: "several columns without a header, one of which is always the same",
            text: lines(12) { "\($0)\t\(id($0))\tuk" }, says: ["1 (whole numbers)", "2 (Viber ids)", "3 (other text)"]),
        Doubt(
            what: "INTO OUTFILE with nulls",
            text: lines(12) { "\($0)\t\(id($0))\t\\N" }, says: ["1 (whole numbers)", "2 (Viber ids)", "--column '2'"]),
        Doubt(
            what: "eleven cells in a hundred something else",
            text: "n,viber_id\n" + lines(89) { "\($0),\(id($0))" } + lines(11) { "\($0),\(name)" },
            says: ["'viber_id'", "--column"]),
        Doubt(
            what: "a known name in a column that was never filled in",
            text: "id,viber_id\n" + lines(12) { "\($0)," },
            says: ["'viber_id' holds no values", "'id' holds whole numbers"]),
        Doubt(
            what: "the two halves of a key with one name each",
            text: "user_id,receiver\n" + lines(12) { "\($0),01ARZ3NDEKTSV4RRFFQ69G5F\($0 + 10)" },
            says: ["'user_id' holds whole numbers", "'receiver' holds ids of another kind"]),
    ])
    func `an ambiguous list is refused with its columns`(_ doubt: Doubt) throws {
        let error = #expect(throws: SourceError.self) { try Spooled(csv: doubt.text) }
        let description = error?.description ?? ""
        for text in doubt.says { #expect(description.contains(text)) }
        #expect(PersonalData.found(in: description).isEmpty, "\(description)")
    }

    /// Without a header the first line is a subscriber: no message may contain it.
    @Test(arguments: [
        "\(name),\(phone),Kyiv", "\(name),+\(phone)", "\(name),'\(phone)", "\(name),tel:+\(phone)",
        "\(name);38 (050) 111-22-33", "\(name),\(PersonalData.email)", "\(name),<\(PersonalData.email)>",
        "\(name),2026-11-21 10:00:00", "\(name)\t21.11.2026 10:00", "\(name),2026-11-21T10:00:00Z,uk",
        "\(name),https://example.com/a.png", "\(name),true,12.50", "7,\(name)", "\(name),pa:7512345",
        "\(name),840a497b-f9b0-4d47-8f83-6f06e1331712", "\(id(1)),\(name)", "\(name),\(id(1)),,",
        "'\(id(1))','\(name)'", "('\(id(1))', '\(name)')",
    ])
    func `a first line of data is not printed`(_ line: String) throws {
        let text = String(repeating: line + "\n", count: 12)
        for column in [nil, "viber_id", "name"] {
            let error = #expect(throws: SourceError.self) { try Spooled(csv: text) { $0.column = column } }
            let description = error?.description ?? ""
            #expect(PersonalData.found(in: description).isEmpty, "\(description)")
        }
    }

    /// `--column` reads a column that automatic choice refuses, and the warning says what it looks like.
    @Test func `a column that is named is read with a warning`() throws {
        let text = "id,viber_id\n" + lines(12) { "\($0),\(Self.id($0))" }
        let spooled = try Spooled(csv: text) { $0.column = "id" }
        #expect(spooled.ids.count == 12)
        #expect(spooled.warnings.contains { $0.contains("'id'") && $0.contains("12") && $0.contains("line 2") })
    }

    /// The suggestion in a message works.
    @Test(arguments: [("sender.id,n", "sender.id"), ("Ідентифікатор,Country/Region", "Ідентифікатор")])
    func `the column that the message suggests is accepted`(_ header: String, _ column: String) throws {
        let text = header + "\n" + lines(12) { "\(Self.id($0)),1" }
        let error = #expect(throws: SourceError.self) { try Spooled(csv: text) }
        let named = (error?.description ?? "").split(separator: "--column '").last?.prefix { $0 != "'" } ?? ""
        #expect(named == column)
        let spooled = try Spooled(csv: text) { $0.column = String(named) }
        #expect(spooled.ids == RealFormIDs.first(12))
    }
}
