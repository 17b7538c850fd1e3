/// Recognises text that is not a list by its first lines.
struct TextFormat {
    let format: FileFormat?

    /// Examines the beginning of a file.
    ///
    /// - Parameter head: the first bytes of the file.
    init(_ head: ArraySlice<UInt8>) {
        let bom: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = String(decoding: (head.starts(with: bom) ? head.dropFirst(3) : head).prefix(4_096), as: UTF8.self)
        let lines = text.split(whereSeparator: \.isNewline).map { $0.drop(while: \.isWhitespace) }
            .filter { !$0.isEmpty }
        guard let first = lines.first else {
            format = nil
            return
        }
        format =
            Self.byStart(first.lowercased()) ?? Self.markup(first, lines)
            ?? Self.drawn(lines) ?? Self.sql(lines) ?? Self.named(lines) ?? Self.quotedRows(first)
    }

    private static func byStart(_ line: String) -> FileFormat? {
        let starts: [(String, FileFormat)] = [
            ("-----begin pgp", .pgp), ("-----begin age", .age), ("-----begin ", .armor), ("begin-base64 ", .armor),
            ("version https://git-lfs.github.com/spec/", .gitLFS),
            ("http/1.", .httpResponse),
            ("http/2 ", .httpResponse), ("<?php", .php), ("<?xml", .xml), ("<!doctype", .html), ("<html", .html),
            ("<head", .html),
            ("<body", .html), ("<!--", .html), ("psql: ", .databaseError), ("mysqldump: ", .databaseError),
            ("pg_dump: ", .databaseError), ("ora-0", .databaseError), ("sqlite error", .databaseError),
            ("error: near ", .databaseError), ("error: in prepare", .databaseError),
            ("error: no such ", .databaseError),
            ("parse error near line", .databaseError), ("runtime error near line", .databaseError),
            ("parse error: ", .databaseError), ("mysql: [", .databaseError), ("begin:vcard", .vCard),
            ("module.exports", .sourceCode), ("export default ", .sourceCode), ("export const ", .sourceCode),
            ("const ", .sourceCode), ("#!/", .sourceCode),
        ]
        if let match = starts.first(where: { line.hasPrefix($0.0) }) { return match.1 }
        // "ERROR 1045 (28000): Access denied", "ERROR:  relation … does not exist".
        if line.hasPrefix("error"),
            line.wholeMatch(of: /error +\d+ +\(\w{5}\).*/) != nil || line.wholeMatch(of: /error: {2}\S.*/) != nil
        {
            return .databaseError
        }
        // `a:2:{i:0;s:24:"…"`
        return line.hasPrefix("a:") && line.prefixMatch(of: /a:\d+:\{/) != nil ? .php : nil
    }

    /// Recognises JSON, XML and lists of programming languages by characters with which no id starts.
    private static func markup(_ first: Substring, _ lines: [Substring]) -> FileFormat? {
        switch first.first {
        case "{" where first.prefixMatch(of: /\{[\w']/) != nil: .pythonList
        case "{": .json
        case "[" where first.wholeMatch(of: /\[{1,2}[A-Za-z][\w.-]*\]{1,2}\s*/) != nil: .settings
        case "[":
            list(beginningWith: first.dropFirst().drop(while: \.isWhitespace).first ?? lines.dropFirst().first?.first)
        case "<" where first.prefixMatch(of: /<[!A-Za-z\/?]/) != nil: .xml
        default: nil
        }
    }

    /// Recognises a list by the character after `[`: a JSON value, or a string of Python or JavaScript.
    private static func list(beginningWith character: Character?) -> FileFormat? {
        switch character {
        case "'": .pythonList
        case nil, "\"", "{", "[", "]", "-": .json
        case let digit? where digit.isNumber: .json
        default: nil
        }
    }

    /// Recognises tables drawn by mysql, psql and sqlite3, and Markdown tables.
    private static func drawn(_ lines: [Substring]) -> FileFormat? {
        guard let first = lines.first, let mark = first.first else { return nil }
        // The last two are vertical output, of mysql (\G) and psql (\x).
        if "┌╔│║╭".contains(mark) || (mark == "+" && first.wholeMatch(of: /\+[-=+]+\+\s*/) != nil)
            || (mark == "*" && first.prefixMatch(of: /\*{10,} 1\. row/) != nil) || first.hasPrefix("-[ RECORD 1")
        {
            return .drawnTable
        }
        guard lines.count > 1, let start = lines[1].first, "-|:".contains(start), lines[1].contains("---") else {
            return nil
        }
        return lines[1].wholeMatch(of: /[-+|: ]+/) != nil ? .drawnTable : nil
    }

    /// Recognises lines of `name: value`, `- value` or `NAME=value`, possibly with comments between them.
    private static func named(_ lines: [Substring]) -> FileFormat? {
        let lines = lines.dropLast(lines.count > 1 ? 1 : 0).prefix(20).filter {
            !$0.hasPrefix("#") && !$0.hasPrefix(";")
        }
        guard !lines.isEmpty, !lines.contains(where: isHeader) else { return nil }
        if lines.allSatisfy({ $0.wholeMatch(of: /(-|---|-\s.*|[\w.-]+:(\s.*)?)/) != nil }) { return .keyedText }
        // Ids end with one or two =.
        let isSetting: (Substring) -> Bool = { $0.wholeMatch(of: /(export )?[A-Za-z_]\w*( = .*|=[^=].*)/) != nil }
        return lines.allSatisfy(isSetting) ? .settings : nil
    }

    /// Recognises a header in one pair of quotes, which a spreadsheet writes if each cell contains a whole row.
    private static func quotedRows(_ first: Substring) -> FileFormat? {
        let inner = first.dropFirst().dropLast()
        guard first.count > 2, first.hasPrefix("\""), first.hasSuffix("\""), !inner.contains("\""),
            inner.contains(where: { ",;\t|".contains($0) }), isHeader(inner)
        else { return nil }
        return .quotedRows
    }

    /// Recognises SQL statements at the beginning, possibly after comments.
    private static func sql(_ lines: [Substring]) -> FileFormat? {
        let isComment: (Substring) -> Bool = { $0.hasPrefix("--") || $0.hasPrefix("/*") || $0.hasPrefix("#") }
        if let first = lines.first, isComment(first), !first.hasPrefix("#"),
            lines.contains(where: { $0.hasPrefix("--") && $0.lowercased().contains(" dump") })
        {
            return .sqlDump
        }
        // The first line that is not part of a comment.
        var inComment = false
        let statement = lines.first { line in
            if line.hasPrefix("/*") { inComment = true }
            let isPart = inComment || isComment(line)
            if line.contains("*/") { inComment = false }
            return !isPart
        }
        guard let statement, !isHeader(statement) else { return nil }
        return isStatement(statement.lowercased()) ? .sqlDump : nil
    }

    /// Whether a line names a known column, as "set names,viber_id" does.
    private static func isHeader(_ line: Substring) -> Bool {
        !line.contains("(")
            && line.split(whereSeparator: { ",;\t|".contains($0) }).contains { ColumnName(String($0)).rank != nil }
    }

    private static func isStatement(_ line: String) -> Bool {
        let words = [
            "create", "insert", "replace", "drop", "delete", "begin", "start", "pragma", "set", "lock", "alter", "use",
            "copy",
        ]
        guard words.contains(where: { line.hasPrefix($0) }) else { return false }
        let beginning =
            /(create (or replace )?(temporary |unique )?(table|database|schema|view|index)|insert (ignore )?into|replace into|drop (table|database)|delete from|begin transaction|start transaction|pragma \w+ ?=|set \w+ ?=|set names|set @|lock tables|alter table) ?\S.*/
        return line.wholeMatch(of: beginning) != nil || line.wholeMatch(of: /(begin|use \S+) ?;/) != nil
            || line.wholeMatch(of: /use \[.+\]/) != nil || line.wholeMatch(of: /copy .* from stdin.*/) != nil
    }
}
