import GRDB

/// The SELECT that yields the ids. Every name in it is checked against the schema first.
///
/// SQLite reads an unknown name such as `"no_such_column"` as a string constant, so every row would yield the same fake
/// id.
struct SQLiteSelection {
    let sql: String
    let column: String
    /// Nil for a query.
    let table: String?

    /// Finds the table and column, or checks the query.
    ///
    /// - Parameters:
    ///   - options: the user's table, column or query.
    ///   - failures: finds the reasons for tables and views that cannot be parsed; nil if all of the schema was parsed.
    ///   - database: the open database.
    /// - Throws: `SourceError`, `DatabaseError`.
    init(_ options: SourceOptions, failures: (([SQLiteTable]) -> [String: String])?, in database: Database) throws {
        let tables = try SQLiteTable.all(in: database)
        let isLenient = failures != nil
        let failures = failures?(tables) ?? [:]
        if let query = options.query {
            // A view that cannot be parsed makes the query fail; a column of such a table would be null in every row.
            let broken = tables.first { !$0.isView && failures[$0.name] != nil && Self.mentions($0.name, query) }
            if let name = broken?.name, let reason = failures[name] {
                throw SourceError.unparsedTable(
                    name, reason: reason, version: SQLiteConnection.libraryVersion, name: options.name)
            }
            column = try SQLiteQuery.validate(query, name: options.name, in: database)
            sql = query
            table = nil
            return
        }
        let finder = Finder(
            options: options, tables: tables, isLenient: isLenient, failures: failures, database: database)
        let (chosen, column) = try options.table.map { try finder.find(inTable: $0) } ?? finder.find()
        self.column = column
        table = chosen.name
        sql = "SELECT \(chosen.cell(column)) FROM \(chosen.rows)"
    }

}

extension SQLiteSelection {
    /// Whether a query may read from a table.
    private static func mentions(_ name: String, _ query: String) -> Bool {
        let isPart: (Character) -> Bool = { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "$" }
        let (name, query) = (name.lowercased(), query.lowercased())
        guard name.allSatisfy(isPart) else { return query.contains(name) }
        return query.split(whereSeparator: { !isPart($0) }).contains { $0 == name }
    }
}

/// Finds the table and the column.
private struct Finder {
    let options: SourceOptions
    let tables: [SQLiteTable]
    /// Whether the schema was parsed leniently.
    let isLenient: Bool
    let failures: [String: String]
    let database: Database

    /// Finds the column in the table or view with a name.
    func find(inTable name: String) throws -> (SQLiteTable, String) {
        // Names of SQLite are case-insensitive.
        guard let table = tables.first(where: { $0.name.lowercased() == name.lowercased() }) else {
            throw SourceError.noSuchTable(name, tables: Self.described(tables), name: options.name)
        }
        guard !table.isVirtual else {
            throw SourceError.unreadableTable(
                name, reason: "it is a virtual table; name the column in --query \"SELECT … FROM …\"",
                name: options.name)
        }
        try check(table)
        let columns = try table.columns(in: database)
        if let wanted = options.column {
            guard columns.contains(wanted) else {
                throw SourceError.noSuchColumn(wanted, columns: columns, name: table.name + " of " + options.name)
            }
            return (table, wanted)
        }
        // A single column needs no profile, and the first rows of a view may take long.
        if columns.count == 1 { return (table, columns[0]) }
        let choice = try ColumnChoice.among(
            [try table.described(columns, profiling: columns, in: database)], source: options.name)
        return (table, choice.column)
    }

    /// Finds the column in all tables, or in all views if no table has a candidate column.
    func find() throws -> (SQLiteTable, String) {
        if let failed = tables.first(where: { failures[$0.name] != nil && !$0.isView && $0.isCandidate }) {
            try check(failed)
        }
        let bases = tables.filter { $0.isCandidate && !$0.isView }
        if let found = try among(bases) { return found }
        let views = tables.filter { $0.isCandidate && $0.isView && failures[$0.name] == nil }
        if let found = try among(views) { return found }
        if let wanted = options.column {
            let others = try tables.filter { !$0.isCandidate && !$0.isVirtual && failures[$0.name] == nil }
                .filter { try $0.columns(in: database).contains(wanted) }
            if others.count == 1 { return (others[0], wanted) }
            let present = try bases.flatMap { table in try table.columns(in: database).map { table.name + "." + $0 } }
            throw SourceError.noSuchColumn(wanted, columns: present, name: options.name)
        }
        guard !bases.isEmpty else {
            throw SourceError.needsTable(tables: Self.described(tables), name: options.name)
        }
        let described = try bases.map { table in
            let columns = try table.columns(in: database)
            return try table.described(columns, profiling: columns, in: database)
        }
        // The only column of the only table is chosen, but not instead of a view that cannot be parsed.
        if described.count == 1, described[0].columns.count == 1,
            let view = tables.first(where: { failures[$0.name] != nil && $0.isView && $0.isCandidate })
        {
            try check(view)
        }
        return try choose(from: described)
    }

    /// Finds the column in some tables; nil if they have no candidate column.
    private func among(_ tables: [SQLiteTable]) throws -> (SQLiteTable, String)? {
        var readable: [(table: SQLiteTable, columns: [String], candidates: [String])] = []
        for table in tables {
            do {
                let columns = try table.columns(in: database)
                let wanted = options.column.map { name in columns.filter { $0 == name } }
                readable.append((table, columns, wanted ?? columns.filter { ColumnName($0).rank != nil }))
            } catch let error as DatabaseError where isUnreadableView(table, error) {
                continue
            }
        }
        guard readable.contains(where: { !$0.candidates.isEmpty }) else { return nil }
        let tables = try readable.compactMap { try described($0.table, $0.columns, $0.candidates) }
        if let wanted = options.column {
            return try requestedColumn(wanted, tables.filter { $0.columns.contains { $0.name == wanted } })
        }
        do {
            let (table, column) = try choose(from: tables)
            let profiles = tables.first { $0.name == table.name }?.columns.filter { $0.name == column }.map(\.profile)
            if profiles?.contains(where: \.isOfSixteenBytes) == true { return (table, column) }
        } catch SourceError.noColumnLooksRight {
            // Thrown again below, with all columns.
        }
        // A column with an unknown name may look right, or better.
        return try choose(from: try readable.compactMap { try described($0.table, $0.columns, $0.columns) })
    }

    /// Whether a table is a view that can be ignored: it reads from a table that no longer exists, for example.
    private func isUnreadableView(_ table: SQLiteTable, _ error: DatabaseError) -> Bool {
        table.isView && (isLenient || !UnparsedSchema.isCause(of: error))
    }

    /// A table with what some of its columns contain; nil for a view that cannot be read.
    private func described(
        _ table: SQLiteTable,
        _ columns: [String],
        _ profiled: [String]
    ) throws -> ColumnChoice.Table? {
        do {
            return try table.described(columns, profiling: profiled, in: database)
        } catch let error as DatabaseError where isUnreadableView(table, error) {
            return nil
        }
    }

    /// The requested column, in the table where it looks like Viber ids, or in the only table that has it.
    private func requestedColumn(_ column: String, _ described: [ColumnChoice.Table]) throws -> (SQLiteTable, String) {
        let matching = described.filter { table in
            table.columns.contains { $0.name == column && $0.profile.looksLikeViberIDs }
        }
        let filled = described.filter(\.hasRows)
        let rest = !matching.isEmpty ? matching : !filled.isEmpty ? filled : described
        guard rest.count == 1, let match = tables.first(where: { $0.name == rest[0].name }) else {
            throw SourceError.severalTables(
                columns: rest.map { ($0.name ?? "") + "." + column }, name: options.name)
        }
        return (match, column)
    }

    private func choose(from described: [ColumnChoice.Table]) throws -> (SQLiteTable, String) {
        let choice = try ColumnChoice.among(described, source: options.name)
        guard let table = tables.first(where: { $0.name == choice.table }) else {
            throw SourceError.needsTable(tables: Self.described(tables), name: options.name)
        }
        return (table, choice.column)
    }

    private func check(_ table: SQLiteTable) throws(SourceError) {
        guard let reason = failures[table.name] else { return }
        throw .unparsedTable(table.name, reason: reason, version: SQLiteConnection.libraryVersion, name: options.name)
    }

    private static func described(_ tables: [SQLiteTable]) -> [String] {
        tables.map { $0.name + ($0.isView ? " (view)" : $0.isVirtual ? " (virtual table)" : "") }
    }
}
