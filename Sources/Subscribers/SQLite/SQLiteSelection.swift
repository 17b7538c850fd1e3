import GRDB

/// The one SELECT that yields the ids, with every name in it matched against the schema first.
///
/// Unmatched, `"no_such_column"` is a string constant to SQLite and every row would yield the same fake id.
struct Selection {
    let sql: String
    /// The id column's name.
    let column: String
    /// The database, for messages.
    let name: String

    init(_ options: SourceOptions, in database: Database) throws {
        name = options.name
        if let query = options.query {
            sql = query
            column = try Self.checked(query, name: options.name, in: database)
            return
        }
        let tables = try Table.all(in: database)
        let choice: (table: Table, column: String)
        if let wanted = options.table {
            guard let table = tables.first(where: { $0.name == wanted }) else {
                throw SourceError.noSuchTable(wanted, tables: tables.map(\.name), name: options.name)
            }
            guard !table.isVirtual else {
                throw SourceError.unreadableTable(wanted, why: "it is a virtual table", name: options.name)
            }
            choice = (table, try Self.column(of: table, options: options, in: database))
        } else {
            choice = try Self.only(of: tables.filter { !$0.isView }, options: options, in: database)
        }
        column = choice.column
        sql = "SELECT \(choice.table.cell(choice.column)) FROM \(choice.table.rows)"
    }

    /// A query has to be one SELECT; that it only reads is asked of SQLite when it is compiled.
    ///
    /// Returns the name of its first column.
    private static func checked(_ query: String, name: String, in database: Database) throws -> String {
        let word = withoutComments(query).drop { $0.isWhitespace || $0 == "(" }.prefix { $0.isLetter }
        guard ["select", "with", "values"].contains(word.lowercased()) else {
            throw SourceError.badQuery("it has to be one SELECT", name: name)
        }
        let statements = try database.allStatements(sql: query)
        let column = try statements.next()?.columnNames.first
        guard let column, try statements.next() == nil else {
            throw SourceError.badQuery("it holds more than one statement", name: name)
        }
        return column
    }

    /// A query without the comments before its first word.
    private static func withoutComments(_ query: String) -> Substring {
        var rest = query.drop { $0.isWhitespace }
        while true {
            if rest.hasPrefix("--") {
                rest = rest.drop { !$0.isNewline }
            } else if rest.hasPrefix("/*"), let end = rest.firstRange(of: "*/") {
                rest = rest[end.upperBound...]
            } else {
                return rest
            }
            rest = rest.drop { $0.isWhitespace }
        }
    }

    private static func column(
        of table: Table,
        options: SourceOptions,
        in database: Database
    ) throws -> String {
        let columns = try table.columns(in: database)
        if let wanted = options.column {
            guard columns.contains(wanted) else {
                throw SourceError.noSuchColumn(wanted, columns: columns, name: table.name + " of " + options.name)
            }
            return wanted
        }
        if columns.count == 1 { return columns[0] }
        let known = Table.known(of: columns)
        if let holding = try known.first(where: { try table.holdsText($0, in: database) }) ?? known.first {
            return holding
        }
        throw SourceError.needsColumn(columns: columns, name: table.name + " of " + options.name)
    }

    /// The only table that has the column, or a column with a known name, and text in it.
    private static func only(
        of tables: [Table],
        options: SourceOptions,
        in database: Database
    ) throws -> (table: Table, column: String) {
        var candidates: [(table: Table, column: String)] = []
        var holding: [(table: Table, column: String)] = []
        var present: [String] = []
        for table in tables where !table.isVirtual {
            let all = try table.columns(in: database)
            present += all.map { table.name + "." + $0 }
            let columns = options.column.map { wanted in all.filter { $0 == wanted } } ?? Table.known(of: all)
            guard let first = columns.first else { continue }
            candidates.append((table, first))
            if let column = try columns.first(where: { try table.holdsText($0, in: database) }) {
                holding.append((table, column))
            }
        }
        if holding.count == 1 { return holding[0] }
        if holding.isEmpty, candidates.count == 1 { return candidates[0] }
        if let wanted = options.column, candidates.isEmpty {
            throw SourceError.noSuchColumn(wanted, columns: present, name: options.name)
        }
        throw SourceError.needsTable(tables: tables.map(\.name), name: options.name)
    }
}

/// A table or view of the database itself, not one of SQLite's own.
private struct Table {
    let name: String
    let isView: Bool
    let isVirtual: Bool

    static func all(in database: Database) throws -> [Table] {
        // As text, whatever it is: GRDB ends the program where a value is not of the type that is asked for.
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT CAST(name AS TEXT) AS name, type, CAST(sql AS TEXT) AS sql FROM main.sqlite_schema
                WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name
                """
        )
        return rows.map { row in
            let sql: String = row["sql"] ?? ""
            let isVirtual = sql.uppercased().hasPrefix("CREATE VIRTUAL")
            return Table(name: row["name"], isView: row["type"] == "view", isVirtual: isVirtual)
        }
    }

    /// The columns, asked for only where they matter: a view of something that is gone, or a virtual table without its
    /// module, has none to tell and must not stand in the way of the others.
    func columns(in database: Database) throws -> [String] {
        // hidden = 1 marks the hidden columns of virtual tables; 2 and 3 are generated ones, which can be read.
        let sql = "SELECT name FROM pragma_table_xinfo(?) WHERE hidden <> 1"
        return try String.fetchAll(database, sql: sql, arguments: [name])
    }

    /// Those with a name that tells of Viber ids, most telling first.
    static func known(of columns: [String]) -> [String] {
        SourceOptions.knownColumns.compactMap { known in columns.first { $0.lowercasedASCII == known } }
    }

    func holdsText(_ column: String, in database: Database) throws -> Bool {
        let sql = "SELECT 1 FROM \(rows) WHERE typeof(\(cell(column))) = 'text' LIMIT 1"
        return try Int.fetchOne(database, sql: sql) != nil
    }

    /// What a SELECT reads from. Never an index: it has another order, and may be damaged where the rows are not.
    var rows: String { "main." + name.quotedName + (isView ? "" : " NOT INDEXED") }

    func cell(_ column: String) -> String { name.quotedName + "." + column.quotedName }
}

extension String {
    /// An SQL identifier in double quotes.
    fileprivate var quotedName: String { "\"" + replacing("\"", with: "\"\"") + "\"" }
}
