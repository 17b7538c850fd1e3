import Formats

extension SourceError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .empty(let name):
            "\(name) is empty. A failed export looks like this; a list without subscribers has at least a header line"
        case .otherEncoding(let encoding, let name):
            "\(name) looks like \(encoding); convert it first: iconv -f \(encoding) -t UTF-8 \(name)"
        case .binaryFile(let name):
            "\(name) is not text, and not an SQLite database; an encrypted database looks like this: export it as CSV"
        case .notAList(let format, let name): "\(name) \(format.advice.replacing("FILE", with: name))"
        case .unterminatedQuote(let name, let line):
            "\(name): the quote opened on line \(line) is never closed"
        case .backslashQuote(let name, let line):
            "\(name), line \(line): a quote seems to be escaped with a backslash (\\\") here, and doubled (\"\") or "
                + "not at all in the lines before; export the list with one way to escape quotes"
        case .badQuoting(let rows, let all, let firstLine, let name):
            "\(rows) of the first \(all) rows of \(name) have quotes inside fields without quotes, the first on line "
                + "\(firstLine); put such fields into quotes and double the quotes in them, as CSV writers do"
        case .firstLineIsNotTheHeader(let line, let headerLine, let name):
            "line \(line) of \(name) is not the header: the rows below it have more fields. "
                + (headerLine.map { "Line \($0) looks like the header; remove the lines above it" }
                    ?? "Add a header line that names each column, or give --column N")
        case .otherColumnOrder(let line, let name):
            "line \(line) of \(name) is another header, with its columns in another order; run once for each export"
        case .idsOnOneLine(let delimiter, let name):
            "\(name) has all its ids on one line; put each on its own line: tr '"
                + (delimiter == 0x09 ? "\\t" : String(Unicode.Scalar(delimiter)))
                + "' '\\n' < \(name) | viber-rollcall -"
        case .noSuchColumn(let column, let columns, let name):
            "\(name) has no column '\(column)'; it has: \(Self.list(columns))"
        case .ambiguousColumn(let column, let name):
            "\(name) has more than one column '\(column)'; name one by its position: --column N"
        case .noKnownColumn(let columns, let others, let name):
            "\(name) has several columns and none with a known name. \(Self.suggestion(others))"
                + "The columns are: \(Self.list(columns))"
        case .noColumnLooksRight(let candidates, let others, let name): Self.wrong(candidates, others, name)
        case .severalColumns(let columns, let name):
            "\(name) has several columns that may hold the ids: \(Self.list(columns)); say which: --column "
                + (Set(columns).count < columns.count ? "N, its position from 1" : "NAME")
        case .severalTables(let columns, let name):
            "\(name) has several tables that may hold the ids: \(Self.list(columns)); say which: --table NAME --column "
                + "NAME, or --query SQL"
        case .positionNeeded(let column):
            "with --no-header a column is given by its position from 1, not by the name '\(column)'"
        case .ambiguousDelimiter(let name):
            "more than one character could be the delimiter of \(name); say which with --delimiter C"
        case .notCSV(let name):
            "\(name) is an SQLite database, so --no-header and --delimiter do not apply"
        case .notADatabase(let name):
            "\(name) is not an SQLite database, so --table and --query do not apply"
        case .databaseOnStandardInput(let name):
            "\(name) is an SQLite database; give the path of its file instead of -"
        case .compressedDatabase(let name):
            "\(name) is a compressed SQLite database; decompress it to a file first: gzip -dc \(name) > list.sqlite"
        case .noSuchTable(let table, let tables, let name):
            "\(name) has no table '\(table)'; it has: \(Self.list(tables))"
        case .needsTable(let tables, let name):
            "\(name): say which table holds the ids with --table NAME (and --column NAME), or --query SQL; it has: "
                + Self.list(tables)
        case .unreadableTable(let table, let reason, let name):
            "cannot read '\(table)' of \(name): \(reason)"
        case .unparsedTable(let table, let reason, let version, let name):
            "cannot read '\(table)' of \(name): this SQLite library (\(version)) cannot parse its definition: "
                + "\(reason). The file is not damaged. Name another table with --table, or export the ids with the "
                + "program that made it and pipe them in (… | viber-rollcall -)"
        case .badQuery(let reason, let name):
            "--query does not run on \(name): \(reason)"
        case .cannotOpenReadOnly(let name):
            "\(name) cannot be opened: SQLite has to write files beside a database with a write-ahead log; run as the "
                + "user that owns it, or copy it first"
        case .unmergedLog(let name):
            "\(name) has rows in its write-ahead log that this user cannot read; run as the user that owns it, or copy "
                + "it together with \(name)-wal first"
        case .needsRecovery(let name):
            "\(name) has an unfinished transaction and needs recovery (\(name)-journal exists); open it once as the "
                + "user that owns it"
        case .damaged(let reason, let name):
            "\(name) is damaged: \(reason). No id was sent"
        case .changedWhileReading(let name):
            "\(name) changed while it was read; run again when no other program writes to it"
        case .everyRowRejected(let rows, let reasons, let name):
            "none of the \(rows) rows of \(name) holds an id (\(reasons)); is it the right column?"
        case .everyRowIsABlob(let rows, let cast, let name):
            "none of the \(rows) rows of \(name) holds an id as text: they are BLOBs. Read them as text: --query "
                + "'\(cast)'"
        case .shrank(let count, let earlier, let run, let allowed, let name):
            "\(name) has \(count.counted("id")), and its last successful run (\(run)) had \(earlier.grouped): "
                + "\(DecimalText.text(100 - Share.percent(count, of: earlier), digits: 1)) % less, and --max-shrink "
                + "allows \(DecimalText.text(allowed, digits: allowed == allowed.rounded() ? 0 : 1)) %. If this is "
                + "intended, run once with --max-shrink 100"
        case .locked(let name):
            "\(name) was locked by another process for 30 seconds; run again"
        }
    }

    /// The candidates with their content, and what to do.
    private static func wrong(_ candidates: [Candidate], _ others: [Suggestion], _ name: String) -> String {
        let held = candidates.prefix(20).map { "\(quoted($0.column)) holds \($0.content)" }.joined(separator: ", ")
        var text = "no column of \(name) looks like Viber ids: \(held). \(others.isEmpty ? "" : suggestion(others))"
        if let blobs = candidates.first(where: \.isBlobs) {
            text += "BLOBs can be read as text: --query 'SELECT CAST(\(blobs.column) AS TEXT) FROM …'. "
        }
        return text + (others.isEmpty ? "If one of them is right, give it with --column" : "")
    }

    private static func suggestion(_ others: [Suggestion]) -> String {
        guard let first = others.first else { return "Say which holds the ids with --column NAME or --column N. " }
        return "\(list(others.map(\.described))) \(others.count == 1 ? "looks" : "look") right: --column "
            + "'\(SanitizedText(String(first.column.prefix(300))))'. "
    }

    private static func quoted(_ name: String) -> String { "'\(SanitizedText(String(name.prefix(60))))'" }

    private static func list(_ names: [String]) -> String {
        guard !names.isEmpty else { return "none" }
        let shown = names.prefix(20).map(quoted).joined(separator: ", ")
        return names.count > 20 ? shown + ", and \(names.count - 20) more" : shown
    }
}
