import Model

/// Faulty lists as spreadsheets, databases and scripts produce them, to test a reader.
package enum FaultyList: String, Sendable, CaseIterable {
    // Cells
    case apostrophe, quotes, singleQuotes = "single-quotes", curlyQuotes = "curly-quotes"
    case excelFormula = "excel-formula", bytesLiteral = "bytes-literal"
    case percentEncoded = "percent-encoded", blankForPlus = "blank-for-plus", htmlEntities = "html-entities"
    case escapedSlash = "escaped-slash", colon, joined, noBreakSpace = "no-break-space", zeroWidthSpace =
        "zero-width-space"
    case lineEndInCell = "line-end-in-cell", nullMarkers = "null-markers"
    // Other columns
    case rowNumbers = "row-numbers", phoneNumbers = "phone-numbers", uuids, emailAddresses = "email-addresses"
    // Lines
    case ownHeader = "own-header", titleLine = "title-line", separatorLine = "separator-line"
    case repeatedHeader = "repeated-header", otherColumnOrder = "other-column-order", mostlyBlank = "mostly-blank"
    case blankBeforeQuote = "blank-before-quote", backslashQuotes = "backslash-quotes", longCell = "long-cell"
    case unquotedComma = "unquoted-comma", headerOnly = "header-only"
    // Not a list
    case json, sqlDump = "sql-dump", webPage = "web-page", drawnTable = "drawn-table"

    /// How a reader must handle the list.
    package enum Outcome: Sendable {
        /// Read the ids without a warning.
        case read
        /// Read the ids and warn.
        case warn
        case refuse
    }

    package var outcome: Outcome {
        switch self {
        case .noBreakSpace, .zeroWidthSpace, .lineEndInCell, .nullMarkers, .rowNumbers, .separatorLine, .repeatedHeader,
            .blankBeforeQuote, .backslashQuotes, .longCell:
            .read
        case .htmlEntities, .titleLine, .otherColumnOrder, .json, .sqlDump, .webPage, .drawnTable: .refuse
        default: .warn
        }
    }

    /// The text of the file.
    ///
    /// - Parameter ids: the ids to write.
    /// - Returns: the faulty list.
    package func text(_ ids: [String]) -> String {
        switch self {
        case .apostrophe: Self.column(ids.map { "'" + $0 })
        case .quotes: Self.column(ids.map { "\"\"\"\($0)\"\"\"" })
        case .singleQuotes: Self.column(ids.map { "'\($0)'" })
        case .curlyQuotes: Self.column(ids.map { "“\($0)”" })
        case .excelFormula: Self.column(ids.map { "\"=\"\"\($0)\"\"\"" })
        case .bytesLiteral: Self.column(ids.map { "b'\($0)'" })
        case .percentEncoded:
            Self.column(
                ids.map { $0.replacing("+", with: "%2B").replacing("/", with: "%2F").replacing("=", with: "%3D") })
        case .blankForPlus: Self.column(ids.map { $0.replacing("+", with: " ") })
        case .htmlEntities: Self.column(ids.map { $0.replacing("=", with: "&#x3D;").replacing("+", with: "&#43;") })
        case .escapedSlash: Self.column(ids.map { $0.replacing("/", with: "\\/") })
        case .colon: Self.column(ids.map { $0 + ":Ann" })
        case .joined:
            Self.column(
                stride(from: 0, to: ids.count, by: 2).map { ids[$0] + ($0 + 1 < ids.count ? ids[$0 + 1] : "") })
        case .noBreakSpace: Self.column(ids.map { $0 + "\u{A0}" })
        case .zeroWidthSpace: Self.column(ids.map { "\u{200B}" + $0 })
        case .lineEndInCell: Self.column(ids.map { "\"\($0)\r\n\"" })
        case .nullMarkers: Self.rows("viber_id\tname", ids.map { $0 + "\tAnn" } + ["\\N\tBob", "NULL\tEve"])
        case .rowNumbers: Self.rows("id,viber_id,name", ids.enumerated().map { "\($0 + 1),\($1),User \($0 + 1)" })
        case .phoneNumbers: Self.column(ids.indices.map { "+38050\(1_000_000 + $0)" })
        case .uuids: Self.column(ids.indices.map { "840a497b-f9b0-4d47-8f83-\(100_000_000_000 + $0)" })
        case .emailAddresses: Self.column(ids.indices.map { "user\($0)@example.com" })
        case .ownHeader: Self.rows("Ідентифікатор", ids)
        case .titleLine: "My bot\n\n" + Self.rows("n;viber_id;name", ids.enumerated().map { "\($0 + 1);\($1);User" })
        case .separatorLine: "sep=;\r\n" + Self.rows("id;name", ids.map { $0 + ";Ann\r" })
        case .repeatedHeader:
            Self.column(Array(ids.prefix(ids.count / 2))) + Self.column(Array(ids.dropFirst(ids.count / 2)))
        case .otherColumnOrder:
            Self.rows("viber_id,name", ids.map { $0 + ",Ann" }) + Self.rows("name,viber_id", ids.map { "Ann," + $0 })
        case .mostlyBlank: Self.rows("id,name", ids.map { $0 + ",Ann" } + ids.map { _ in ",Bob" })
        case .blankBeforeQuote: Self.rows("\"name\", \"viber_id\"", ids.map { "\"Ann\", \"\($0)\"" })
        case .backslashQuotes:
            Self.rows(
                "viber_id,name",
                ids.enumerated().map { "\"\($1)\",\"" + ($0 % 2 == 0 ? "A \\\"B\\\"" : "5\\\"") + "\"" })
        case .longCell:
            Self.rows(
                "id,avatar", ids.enumerated().map { "\($1)," + String(repeating: "A", count: $0 == 3 ? 200_000 : 4) })
        case .unquotedComma: Self.rows("id,name", ids.enumerated().map { "\($1),Doe" + ($0 == 5 ? ", John" : "") })
        case .headerOnly: "id\n"
        case .json: "[\n" + ids.map { "  \"\($0)\"" }.joined(separator: ",\n") + "\n]\n"
        case .sqlDump:
            "-- MySQL dump 10.13\n\nCREATE TABLE `users` (`viber_id` varchar(50));\n"
                + ids.map { "INSERT INTO `users` VALUES ('\($0)');\n" }.joined()
        case .webPage: "<!DOCTYPE html>\n<html><body>\n<p>Session expired</p>\n</body></html>\n"
        case .drawnTable:
            " viber_id \n----------\n" + ids.map { " \($0)\n" }.joined() + "(\(ids.count) rows)\n"
        }
    }

    private static func column(_ cells: [String]) -> String { rows("id", cells) }

    private static func rows(_ header: String, _ rows: [String]) -> String {
        ([header] + rows).map { $0 + "\n" }.joined()
    }
}
