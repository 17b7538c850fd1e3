/// Finds the column of Viber ids in a file or database by the column names and the content of the cells.
///
/// A pure function: the CSV and SQLite readers describe their tables and this decides, so that all commands choose the
/// same column of a source. In doubt it throws: the API reports all values of a wrong column as unavailable, and the
/// operator may then delete these subscribers.
struct ColumnChoice: Equatable {
    /// Nil for a file.
    var table: String?
    var column: String
    /// The column's index in its table.
    var index: Int

    /// A table with its columns in order. A CSV file is an unnamed table.
    struct Table {
        var name: String?
        var columns: [Column]
        /// Whether the table has rows.
        var hasRows: Bool
    }

    struct Column {
        /// The name as written; the position from 1 in a file without a header.
        var name: String
        var profile: ColumnProfile
        /// How specific the name is, 0 for the most specific; nil for an unknown name.
        var rank: Int?

        init(name: String, profile: ColumnProfile, isNamed: Bool = true) {
            self.name = name
            self.profile = profile
            rank = isNamed ? ColumnName(name).rank : nil
        }
    }

    /// Chooses among tables.
    ///
    /// - Parameters:
    ///   - tables: the tables; views of a database only if no table has a column with a known name.
    ///   - source: the source's name, for errors.
    /// - Returns: the column.
    /// - Throws: `SourceError` with the columns it cannot decide between, or the reason none is right.
    static func among(_ tables: [Table], source: String) throws(SourceError) -> ColumnChoice {
        let candidates = tables.filter { !$0.candidates.isEmpty }
        let filled = candidates.filter(\.hasRows)
        if filled.isEmpty, !candidates.isEmpty { return try mostSpecific(of: candidates, source: source) }

        var matches: [ColumnChoice] = []
        for table in filled { if let match = try table.match(source: source) { matches.append(match) } }
        if let match = matches.first {
            let others =
                matches.count > 1
                ? matches.dropFirst().map(\.described)
                : tables.flatMap { $0.name == match.table ? [] : $0.rivals(of: match, in: tables) }
            guard others.isEmpty else { throw .severalTables(columns: [match.described] + others, name: source) }
            return match
        }
        // A single column needs no choice. Spooling warns if it does not look right.
        if tables.count == 1, let table = tables.first, table.columns.count == 1 {
            return ColumnChoice(table: table.name, column: table.columns[0].name, index: 0)
        }
        let others = tables.flatMap { table in
            table.columns.filter { $0.rank == nil && $0.profile.looksLikeViberIDs }.map { column in
                SourceError.Suggestion(described: table.described(column), column: column.name)
            }
        }
        guard candidates.isEmpty else {
            throw .noColumnLooksRight(
                candidates: filled.flatMap { table in
                    table.candidates.map { candidate in
                        .init(
                            column: table.described(candidate), content: candidate.profile.content,
                            isBlobs: candidate.profile.isMostlyBlobs)
                    }
                }, others: others, name: source)
        }
        throw .noKnownColumn(
            columns: tables.flatMap { table in table.columns.map { table.described($0) } }, others: others, name: source
        )
    }

    /// The column with the most specific name, for tables without rows. The run has 0 ids.
    private static func mostSpecific(of tables: [Table], source: String) throws(SourceError) -> ColumnChoice {
        let best = tables.compactMap { $0.candidates.first?.rank }.min()
        let matches = tables.flatMap { table in
            table.columns.indices.filter { table.columns[$0].rank == best }.map { table.choice($0) }
        }
        guard matches.count == 1, let match = matches.first else {
            let columns = matches.map(\.described)
            throw Set(matches.map(\.table)).count > 1
                ? .severalTables(columns: columns, name: source) : .severalColumns(columns: columns, name: source)
        }
        return match
    }

    private var described: String { table.map { "\($0).\(column)" } ?? column }
}

extension ColumnChoice.Table {
    /// Columns with a known name, most specific first.
    fileprivate var candidates: [ColumnChoice.Column] {
        columns.filter { $0.rank != nil }.sorted { ($0.rank ?? 0) < ($1.rank ?? 0) }
    }

    /// The most specific column that looks like Viber ids; nil if none does.
    fileprivate func match(source: String) throws(SourceError) -> ColumnChoice? {
        guard let best = candidates.first(where: \.profile.looksLikeViberIDs) else { return nil }
        let sameRank = columns.indices.filter { columns[$0].rank == best.rank }
        let match = choice(sameRank[0])
        let rivals = sameRank.count == 1 ? rivals(of: match, in: [self]) : []
        guard sameRank.count == 1, rivals.isEmpty else {
            throw .severalColumns(columns: sameRank.map { described(columns[$0]) } + rivals, name: source)
        }
        return match
    }

    /// Other columns that may contain the ids although `match` looks like Viber ids.
    ///
    /// These are columns of 16 bytes in base64, if those of `match` are not; and columns in which half of the cells are
    /// ids, if their name is more specific, or equally specific in another table.
    fileprivate func rivals(of match: ColumnChoice, in tables: [ColumnChoice.Table]) -> [String] {
        guard let best = tables.first(where: { $0.name == match.table })?.columns[match.index] else { return [] }
        return columns.filter { column in
            if !best.profile.isOfSixteenBytes, column.profile.isOfSixteenBytes { return true }
            guard let rank = column.rank, let bestRank = best.rank, column.profile.containsViberIDs else {
                return false
            }
            return rank < bestRank || (rank == bestRank && name != match.table)
        }.map { described($0) }
    }

    fileprivate func choice(_ index: Int) -> ColumnChoice {
        ColumnChoice(table: name, column: columns[index].name, index: index)
    }

    fileprivate func described(_ column: ColumnChoice.Column) -> String {
        name.map { "\($0).\(column.name)" } ?? column.name
    }
}
