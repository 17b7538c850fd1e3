import GRDB

/// The parts of a schema that this SQLite library cannot parse: they need a newer version or an application's
/// functions.
enum UnparsedSchema {
    /// Whether an error is caused by the language of the schema, and not by a damaged file.
    static func isCause(of error: DatabaseError) -> Bool {
        let message = error.message ?? ""
        if message.contains("unsafe use of json") || message.contains("unsafe use of ->") { return true }
        // The message for a generated column; for a query it is "no such function".
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

    /// The reason for each table or view that cannot be parsed, by its name.
    ///
    /// Each statement is executed in its own in-memory database, which then reads it again as a schema.
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
