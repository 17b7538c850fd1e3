import Model
import Testing

/// Lists as written by real programs and people.
@Suite struct RealCSVFileTests {
    private static let id = RealFormIDs.id
    private static let name = PersonalData.name

    struct File: Sendable, CustomTestStringConvertible {
        var what: String
        var text: String
        /// The column with the ids from 1 to 12; its position if there is no header.
        var column: String
        /// A text that each warning contains.
        var warnings: [String] = []

        var testDescription: String { what }
    }

    @Test(arguments: [
        File(
            what: "phpMyAdmin, with semicolons and quotes",
            text: "\"id\";\"viber_id\";\"name\"\n" + lines(12) { "\"\($0)\";\"\(id($0))\";\"\(name)\"" },
            column: "viber_id"),
        File(
            what: "mysql --batch",
            text: "id\tviber_id\tname\n" + lines(12) { "\($0)\t\(id($0))\tNULL" }, column: "viber_id"),
        File(
            what: "INTO OUTFILE, one column",
            text: lines(12) { id($0) } + "\\N\n", column: "1"),
        File(
            what: "INTO OUTFILE with quotes, one column",
            text: lines(12) { "\"\(id($0))\"" }, column: "1"),
        File(
            what: "psql --csv",
            text: "id,viber_id,created_at\n" + lines(12) { "\($0),\(id($0)),2026-11-21 10:00:00+02" },
            column: "viber_id"),
        File(
            what: "psql --no-align, with its count of rows",
            text: "viber_id|n\n" + lines(12) { "\(id($0))|\($0)" }, column: "viber_id"),
        File(
            what: "sqlite3 -header -csv",
            text: "viber_id,name\r\n" + lines(12, "\r\n") { "\(id($0)),\"\(name)\"" }, column: "viber_id"),
        File(
            what: "pandas with its index",
            text: ",user_id,viber_id\n" + lines(12) { "\($0 - 1),\($0).0,\(id($0))" }, column: "viber_id"),
        File(
            what: "Excel with sep=, BOM and CR-LF",
            text: "\u{FEFF}sep=;\r\nID;Viber ID;Phone\r\n"
                + lines(12, "\r\n") { "\($0);\(id($0));\(PersonalData.phone)" },
            column: "Viber ID"),
        File(
            what: "Excel with empty columns and rows at the end",
            text: "viber_id;name;;\r\n" + lines(12, "\r\n") { "\(id($0));\(name);;" } + ";;;\r\n", column: "viber_id"),
        File(
            what: "Excel for the Mac, with CR",
            text: "id;viber_id\r" + lines(12, "\r") { "\($0);\(id($0))" }, column: "viber_id"),
        File(
            what: "Google Sheets",
            text: "Timestamp,Name,Viber ID\r\n"
                + lines(12, "\r\n") { "11/21/2026 10:00:00,\"\(name), Kyiv\",\(id($0))" },
            column: "Viber ID"),
        File(
            what: "LibreOffice with all text in quotes",
            text: "\"n\",\"ViberID\"\n" + lines(12) { "\($0),\"\(id($0))\"" }, column: "ViberID"),
        File(
            what: "numbers as the first column",
            text: "id,user_id,viber_id\n" + lines(12) { "\($0),\($0 + 70),\(id($0))" }, column: "viber_id"),
        File(
            what: "Cyrillic headers around a known one",
            text: "№;Ім'я;Телефон;viber_id\n" + lines(12) { "\($0);\(name);\(PersonalData.phone);\(id($0))" },
            column: "viber_id"),
        File(what: "one column without a header", text: lines(12) { id($0) }, column: "1"),
        File(
            what: "one column with CR-LF and blank lines", text: lines(12, "\r\n\r\n") { id($0) }, column: "1",
            warnings: ["rejected"]),
        File(what: "one column with a known header", text: "receiver\n" + lines(12) { id($0) }, column: "receiver"),
        File(
            what: "one column and a delimiter at the end of each line",
            text: "viber_id,\n" + lines(12) { id($0) + "," }, column: "viber_id"),
        File(
            what: "MongoDB, mongoexport --type=csv",
            text: "_id,viber_id\n" + lines(12) { "ObjectId(507f1f77bcf86cd7994390\($0 + 10)),\(id($0))" },
            column: "viber_id"),
        File(
            what: "WordPress with the Viber id as its own field",
            text: "ID,user_login,user_email,viber_id\n"
                + lines(12) { "\($0),\(name),\(PersonalData.email),\(id($0))" },
            column: "viber_id"),
        File(
            what: "this program's own subscribers.csv",
            text: "id,online_status,online_status_message,last_online,checked_at,attempts,error\n"
                + lines(12) { "\(id($0)),0,online,2026-11-21T10:00:00.000Z,2026-11-21T23:15:01.000Z,1," },
            column: "id"),
        File(
            what: "two concatenated exports",
            text: "viber_id,name\n" + lines(11) { "\(id($0)),\(name)" } + "viber_id,name\n\(id(12)),\(name)\n",
            column: "viber_id"),
        File(
            what: "a name with an unquoted comma",
            text: "viber_id,name\n" + lines(11) { "\(id($0)),\(name)" } + "\(id(12)),\(name), Kyiv\n",
            column: "viber_id", warnings: ["more fields"]),
        File(
            what: "a blank after each comma",
            text: "\"n\", \"viber_id\"\n" + lines(12) { "\"\($0)\", \"\(id($0))\"" }, column: "viber_id"),
        File(
            what: "quotes escaped with a backslash",
            text: "viber_id,name\n" + lines(12) { "\"\(id($0))\",\"\(name) \\\"A\\\"\"" }, column: "viber_id"),
        File(
            what: "UUIDs of users under the name id",
            text: "id,receiver\n" + lines(12) { "840a497b-f9b0-4d47-8f83-6f06e13317\($0 + 10),\(id($0))" },
            column: "receiver"),
        File(
            what: "the id after 9,000 rows without one",
            text: "n,viber_id\n" + lines(9_000) { "\($0)," } + lines(12) { "\($0),\(id($0))" },
            column: "viber_id", warnings: ["rejected"]),
        // 3.1 sets a limit in rows, not in bytes.
        File(
            what: "the same with long texts beside it",
            text: "id,viber_id,about\n" + lines(9_000) { "\($0),," + String(repeating: "x", count: 600) }
                + lines(12) { "\($0),\(id($0)),x" },
            column: "viber_id", warnings: ["rejected"]),
    ])
    func `the column with the ids is found`(_ file: File) throws {
        let spooled = try Spooled(csv: file.text)
        #expect(spooled.source.column == file.column)
        #expect(spooled.ids == RealFormIDs.first(12))
        #expect(spooled.warnings.count == file.warnings.count, "\(spooled.warnings)")
        for text in file.warnings { #expect(spooled.warnings.contains { $0.contains(text) }, "\(spooled.warnings)") }
        #expect(PersonalData.found(in: spooled.warnings.joined()).isEmpty)
    }

    /// One column is read whatever its first line is; a first line that looks like an unknown header is reported.
    @Test(arguments: [
        "Ідентифікатор", "viber", "chat_id", "ViberSubscriberList", "Viber users, 21.11.", "# ids",
    ])
    func `an unknown header of one column is requested with a warning`(_ header: String) throws {
        let quoted = header.contains(",") ? "\"\(header)\"" : header
        let spooled = try Spooled(csv: quoted + "\n" + lines(12) { Self.id($0) })
        #expect(spooled.ids == [Array(header.utf8)] + RealFormIDs.first(12))
        #expect(spooled.warnings.contains { $0.contains("first line") }, "\(spooled.warnings)")
    }

    /// In each cell `#` stands for a number of two digits.
    @Test(arguments: [
        ("whole numbers", "#"), ("phone numbers", "3805011122#"), ("e-mail addresses", "marker@example.com#"),
        ("UUIDs", "840a497b-f9b0-4d47-8f83-6f06e13317#"), ("ids of another kind", "507f1f77bcf86cd7994390#"),
    ])
    func `one column is read with a warning whatever it contains`(_ kind: String, _ cell: String) throws {
        for header in ["", "id\n", "viber_id\n"] {
            let spooled = try Spooled(csv: header + lines(12) { cell.replacing("#", with: "\($0 + 10)") })
            #expect(spooled.ids.count == 12)
            #expect(
                spooled.warnings.contains { $0.contains("does not look like Viber ids") && $0.contains(kind) },
                "\(spooled.warnings)")
            #expect(PersonalData.found(in: spooled.warnings.joined()).isEmpty)
        }
    }
}
