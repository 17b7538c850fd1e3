import GRDB

/// Checks the user's query: it must be one SELECT.
enum SQLiteQuery {
    /// Checks a query and compiles it.
    /// - Returns: the name of its first column.
    /// - Throws: `SourceError.badQuery`, `DatabaseError`.
    static func validate(_ query: String, name: String, in database: Database) throws -> String {
        let word = firstWord(Array(query.utf8))
        guard ["select", "with", "values"].contains(word) else {
            throw SourceError.badQuery("it must be one SELECT", name: name)
        }
        let statements = try database.allStatements(sql: query)
        let column = try statements.next()?.columnNames.first
        guard let column, try statements.next() == nil else {
            throw SourceError.badQuery("it contains more than one statement", name: name)
        }
        return column
    }

    /// The first word after blanks, comments and parentheses, in lower case, tokenized as SQLite does.
    ///
    /// A `--` comment ends only with LF, and a `/*` comment with the first `*/` after these two characters. With other
    /// rules, text in a comment could be read as the statement.
    static func firstWord(_ query: [UInt8]) -> String {
        var index = 0
        func starts(_ text: StaticString) -> Bool {
            unsafe query[index...].starts(
                with: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
        }
        while index < query.count {
            if starts("--") {
                while index < query.count, query[index] != 0x0A { index += 1 }
            } else if starts("/*") {
                index += 2
                while index < query.count, !starts("*/") { index += 1 }
                index += 2
            } else if " \t\n\r\u{c}(".utf8.contains(query[index]) {
                index += 1
            } else {
                break
            }
        }
        let word = query.dropFirst(index).prefix { ($0 | 0x20) &- 0x61 < 26 }
        return String(decoding: word, as: UTF8.self).lowercased()
    }
}
