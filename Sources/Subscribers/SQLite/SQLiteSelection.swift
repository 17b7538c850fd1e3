import GRDB

/// The one SELECT that yields the ids, with every name in it matched against the schema first.
///
/// Unmatched, `"no_such_column"` is a string constant to SQLite and every row would yield the same fake id.
struct SQLiteSelection {
    let sql: String
    let column: String
    /// Nil for a query.
    let table: String?

    /// `failures`: finds the tables and views that cannot be parsed, with the reason.
    init(_ options: SourceOptions, failures: (([SQLiteTable]) -> [String: String])?, in database: Database) throws {
        let tables = try SQLiteTable.all(in: database)
        let isLenient = failures != nil
        let failures = failures?(tables) ?? [:]
        if let query = options.query {
            // A view that cannot be parsed fails by itself; a column of such a table would be null in every row.
            let broken = tables.first { !$0.isView && failures[$0.name] != nil && Self.mentions($0.name, query) }
            if let name = broken?.name, let reason = failures[name] {
                throw SourceError.unparsedTable(
                    name, reason: reason, version: SQLiteConnection.libraryVersion, name: options.name)
            }
            column = try SQLiteQuery.checked(query, name: options.name, in: database)
            sql = query
            table = nil
            return
        }
        let finder = Finder(
            options: options, tables: tables, isLenient: isLenient, failures: failures, database: database)
        let (chosen, column) = try options.table.map { try finder.named($0) } ?? finder.found()
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

    /// In the table or view that was named.
    func named(_ name: String) throws -> (SQLiteTable, String) {
        // SQLite does not distinguish names by their case.
        guard let table = tables.first(where: { $0.name.lowercased() == name.lowercased() }) else {
            throw SourceError.noSuchTable(name, tables: Self.described(tables), name: options.name)
        }
        guard !table.isVirtual else {
            throw SourceError.unreadableTable(
                name, why: "it is a virtual table; name the column in --query \"SELECT … FROM …\"", name: options.name)
        }
        try check(table)
        let columns = try table.columns(in: database)
        if let wanted = options.column {
            guard columns.contains(wanted) else {
                throw SourceError.noSuchColumn(wanted, columns: columns, name: table.name + " of " + options.name)
            }
            return (table, wanted)
        }
        // The one column that there is needs no look, and a view may take long to give its first rows.
        if columns.count == 1 { return (table, columns[0]) }
        let choice = try ColumnChoice.among(
            [try table.described(columns, profiling: columns, in: database)], source: options.name)
        return (table, choice.column)
    }

    /// In all tables, or all views where no table has a column that comes into question.
    func found() throws -> (SQLiteTable, String) {
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
        // The only column of the only table is read, but not in place of a view that cannot be.
        if described.count == 1, described[0].columns.count == 1,
            let view = tables.first(where: { failures[$0.name] != nil && $0.isView && $0.isCandidate })
        {
            try check(view)
        }
        return try chosen(from: described)
    }

    /// Nil if no column comes into question.
    private func among(_ tables: [SQLiteTable]) throws -> (SQLiteTable, String)? {
        var readable: [(table: SQLiteTable, columns: [String], candidates: [String])] = []
        for table in tables {
            do {
                let columns = try table.columns(in: database)
                let wanted = options.column.map { name in columns.filter { $0 == name } }
                readable.append((table, columns, wanted ?? columns.filter { ColumnName($0).rank != nil }))
            } catch let error as DatabaseError where isGone(table, error) {
                continue
            }
        }
        guard readable.contains(where: { !$0.candidates.isEmpty }) else { return nil }
        let tables = try readable.compactMap { try described($0.table, $0.columns, $0.candidates) }
        if let wanted = options.column {
            return try obeyed(wanted, tables.filter { $0.columns.contains { $0.name == wanted } })
        }
        do {
            let (table, column) = try chosen(from: tables)
            let profiles = tables.first { $0.name == table.name }?.columns.filter { $0.name == column }.map(\.profile)
            if profiles?.contains(where: \.isOfSixteenBytes) == true { return (table, column) }
        } catch SourceError.noColumnLooksRight {
            // Told with all columns.
        }
        // One under another name may look right, or better.
        return try chosen(from: try readable.compactMap { try described($0.table, $0.columns, $0.columns) })
    }

    /// Whether a table is a view of something that is gone, or that cannot be read for another reason that does not concern
    /// the others.
    private func isGone(_ table: SQLiteTable, _ error: DatabaseError) -> Bool {
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
        } catch let error as DatabaseError where isGone(table, error) {
            return nil
        }
    }

    /// The column asked for, in the table where it looks like Viber ids; or in the only table that has it.
    private func obeyed(_ column: String, _ described: [ColumnChoice.Table]) throws -> (SQLiteTable, String) {
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

    private func chosen(from described: [ColumnChoice.Table]) throws -> (SQLiteTable, String) {
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
