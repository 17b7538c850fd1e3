import GRDB

/// What of a schema this SQLite library cannot parse: made by a newer version, or with functions of a program.
enum UnparsedSchema {
    /// Whether an error is about the language of the schema, and not about damage of the file.
    static func isCause(of error: DatabaseError) -> Bool {
        let message = error.message ?? ""
        if message.contains("unsafe use of json") || message.contains("unsafe use of ->") { return true }
        // Of a generated column; that of a query is "no such function".
        if message.hasPrefix("unknown function: ") { return true }
        guard message.hasPrefix("malformed database schema"), let range = message.firstRange(of: ") - ") else {
            return false
        }
        let reason = message[range.upperBound...]
        return reasons.contains { reason.contains($0) }
    }

    private static let reasons = [
        "syntax error", "unsafe use of", "no such function", "no such collation", "no such column",
        "unrecognized token",
        "incomplete input", "wrong number of arguments", "unknown table option", "unknown datatype", "prohibited in",
        "unknown function", "misuse of", "unknown join type",
    ]

    /// Why each table or view that cannot be parsed cannot be, by name.
    ///
    /// Each statement is tried in a database of its own in memory, where it is read again as a schema is.
    static func failures(of tables: [SQLiteTable]) -> [String: String] {
        var failures: [String: String] = [:]
        for table in tables where !table.isVirtual {
            do {
                let queue = try DatabaseQueue(configuration: SQLiteConnection.scratch)
                try queue.writeWithoutTransaction { database in
                    try database.execute(sql: table.sql)
                    guard !table.isView else { return }
                    try database.execute(sql: "PRAGMA writable_schema = RESET")
                    _ = try database.makeStatement(sql: "SELECT * FROM main.\(table.name.quotedName)")
                }
            } catch let error as DatabaseError {
                failures[table.name] = reason(error)
            } catch {
                failures[table.name] = "it cannot be parsed"
            }
        }
        return failures
    }

    private static func reason(_ error: DatabaseError) -> String {
        let message = error.message ?? "it cannot be parsed"
        guard message.hasPrefix("malformed database schema"), let range = message.firstRange(of: ") - ") else {
            return message
        }
        return String(message[range.upperBound...])
    }
}
