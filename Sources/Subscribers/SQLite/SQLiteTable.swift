import GRDB

/// A table or view of the database, except SQLite's internal ones.
struct SQLiteTable {
    let name: String
    let isView: Bool
    let isVirtual: Bool
    /// Whether a virtual table stores its data in it.
    private(set) var isShadow = false
    /// The statement that creates it.
    let sql: String

    /// All tables and views, by name.
    static func all(in database: Database) throws -> [SQLiteTable] {
        // Cast to text: GRDB traps if a value does not have the requested type.
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT CAST(name AS TEXT) AS name, type, CAST(sql AS TEXT) AS sql FROM main.sqlite_schema
                WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name
                """
        )
        var tables = rows.map { row in
            let sql: String = row["sql"] ?? ""
            let isVirtual = sql.uppercased().hasPrefix("CREATE VIRTUAL")
            return SQLiteTable(name: row["name"], isView: row["type"] == "view", isVirtual: isVirtual, sql: sql)
        }
        let shadows = Set(tables.filter(\.isVirtual).flatMap { owner in shadowSuffixes.map { owner.name + $0 } })
        for index in tables.indices { tables[index].isShadow = shadows.contains(tables[index].name) }
        return tables
    }

    /// The name suffixes of the tables in which full-text search (3 to 5) and R-trees store their data.
    private static let shadowSuffixes = [
        "_content", "_data", "_idx", "_docsize", "_config", "_segments", "_segdir", "_stat", "_node", "_rowid",
        "_parent",
    ]

    /// Whether its columns are examined if the user names no table.
    var isCandidate: Bool { !isVirtual && !isShadow && !FrameworkTables.contains(name) }

    /// The column names, read only where they matter: reading them fails for a view of a table that no longer exists
    /// and for a virtual table without its module, and these must not prevent reading other tables.
    func columns(in database: Database) throws -> [String] {
        // hidden = 1 marks the hidden columns of virtual tables; 2 and 3 are generated ones, which can be read.
        let sql = "SELECT name FROM pragma_table_xinfo(?) WHERE hidden <> 1"
        return try String.fetchAll(database, sql: sql, arguments: [name])
    }

    /// Describes the table, and profiles the first cells of some columns.
    ///
    /// - Parameters:
    ///   - columns: the names of all columns.
    ///   - names: the columns to profile.
    ///   - database: the open database.
    /// - Returns: the table.
    /// - Throws: `DatabaseError`.
    func described(_ columns: [String], profiling names: [String], in database: Database) throws -> ColumnChoice.Table {
        var profiles = [ColumnProfile](repeating: ColumnProfile(), count: names.count)
        var row = 0
        if !names.isEmpty {
            let cells = names.map { cell($0) }.joined(separator: ", ")
            let sql = "SELECT \(cells) FROM \(rows) LIMIT \(ColumnProfile.rowLimit)"
            try SQLiteRows(sql, in: database).read { cell in
                row += 1
                for index in names.indices where !profiles[index].isFull {
                    profiles[index].add(cell(index), line: row)
                }
                return profiles.contains { !$0.isFull }
            }
        }
        let known = Dictionary(zip(names, profiles), uniquingKeysWith: { first, _ in first })
        return ColumnChoice.Table(
            name: name, columns: columns.map { .init(name: $0, profile: known[$0] ?? ColumnProfile()) },
            hasRows: row > 0)
    }

    /// The FROM clause of a SELECT, without indexes: they have another order, and may be damaged where the rows are
    /// not.
    var rows: String { "main." + name.quotedName + (isView ? "" : " NOT INDEXED") }

    func cell(_ column: String) -> String { name.quotedName + "." + column.quotedName }
}

extension String {
    /// The name as an SQL identifier in double quotes.
    var quotedName: String { "\"" + replacing("\"", with: "\"\"") + "\"" }
}
