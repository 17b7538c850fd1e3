package import Files
import Formats
import Journal
package import Model

/// Reads a source to its end and writes its ids to a spool: each id once, in source order. Every row is counted.
///
/// Nothing is sent while this runs, and the source is closed when it returns: an open read transaction would block the
/// writers of a database for the whole run.
package struct Spooling {
    private var info: RunSummary.Source
    private var seen = SeenIDs()
    private var waiting = WaitingIDs()
    private var spool: SpoolWriter
    private var profile = ColumnProfile()
    private var warnings = IDWarnings()
    private var blobs = (count: 0, firstRow: 0)
    private var rejections: RejectionRuns
    private var emptyLines = 0

    /// Reads the source to its end.
    ///
    /// - Parameters:
    ///   - source: an open source.
    ///   - spoolPath: a new file.
    ///   - digest: receives all bytes of the spool.
    ///   - check: called for every row; an error it throws stops the reading.
    ///   - rejected: called with the rows that yield no id, in source order.
    /// - Returns: counts and names of what was read, and warnings about probable mistakes.
    /// - Throws: `SourceError`, `GzipError`, `FileError`.
    package static func run(
        _ source: SubscriberSource,
        spoolPath: String,
        digest: BackgroundSHA256? = nil,
        check: () throws -> Void = {},
        rejected: (Rejection) throws -> Void
    ) throws -> (source: RunSummary.Source, warnings: [String]) {
        let options = source.options
        var spooling = Spooling(
            info: RunSummary.Source(kind: source.kindName, name: options.name, column: ""),
            spool: try SpoolWriter(creating: spoolPath, digest: digest)
        )
        let column = try source.read { cell, line in
            try check()
            try spooling.add(cell, line: line, rejected: rejected)
        }
        try spooling.rejections.finish(rejected)
        try spooling.spoolWaiting()
        try spooling.spool.finish()
        spooling.info.column = column.name
        spooling.info.key = SourceKey.key(
            kind: source.kindName, options: options, table: column.table, column: column.name)
        try spooling.checkRows(column)
        return (spooling.info, column.warnings + spooling.sentences(unit: source.lineUnit, column: column))
    }

    private init(info: RunSummary.Source, spool: SpoolWriter) {
        self.info = info
        self.spool = spool
        rejections = RejectionRuns()
    }

    private mutating func add(
        _ cell: SourceCell,
        line: Int,
        rejected: (Rejection) throws -> Void
    ) throws {
        info.rowsRead += 1
        switch cell {
        case .text(let value):
            let id = IDWhitespace.trim(value)
            let form = IDForm(id)
            if form.hasForm, form.isPaddedAtEnd {
                if !profile.isFull { profile.add(.viberID, isMixed: form.isMixed, line: line) }
            } else {
                addToProfile(cell, line: line)
                if let reason = RejectionReason(validating: id) {
                    return try reject(reason, value, line: line, rejected)
                }
            }
            if id.count < value.count { info.trimmed += 1 }
            info.accepted += 1
            waiting.append(id, line: line, looksLikeViberID: form.hasForm && form.isPaddedAtEnd)
            if waiting.isFull { try spoolWaiting() }
        case .number(let value):
            addToProfile(cell, line: line)
            try reject(.notText, value, line: line, rejected)
        case .blob(let value):
            addToProfile(cell, line: line)
            if blobs.count == 0 { blobs.firstRow = line }
            blobs.count += 1
            try reject(.notText, value, line: line, rejected)
        case .unusable(let reason, let value):
            if reason == .blank { emptyLines += 1 }
            addToProfile(cell, line: line)
            try reject(reason, value, line: line, rejected)
        }
    }

    private mutating func addToProfile(_ cell: SourceCell, line: Int) {
        if info.rowsRead <= ColumnProfile.rowLimit { profile.add(cell, line: line) }
    }

    private mutating func reject(
        _ reason: RejectionReason,
        _ value: ArraySlice<UInt8>,
        line: Int,
        _ rejected: (Rejection) throws -> Void
    ) throws {
        info.reject(reason.rawValue)
        try rejections.add(
            Rejection(line: line, reason: reason, value: Array(value.prefix(Rejection.valueLimit))),
            row: info.rowsRead, rejected)
    }

    /// Appends the waiting ids that the spool does not contain yet.
    private mutating func spoolWaiting() throws {
        seen.readAhead(waiting)
        for (index, entry) in waiting.entries.enumerated() {
            guard try isInserted(index, hash: entry.hash) else {
                info.duplicates += 1
                continue
            }
            info.unique += 1
            let id = waiting.id(index)
            if !entry.looksLikeViberID { warnings.add(CellKind(id), line: entry.line) }
            try spool.append(id)
        }
        waiting.removeAll()
    }

    /// Whether the spool does not contain a waiting id. The caller has to append the id then.
    private mutating func isInserted(_ index: Int, hash: UInt64) throws -> Bool {
        var search = seen.search(for: hash)
        while let offset = seen.next(&search) { if try spool.holds(waiting.id(index), at: offset) { return false } }
        try seen.insert(search, at: spool.end)
        return true
    }

    private func checkRows(_ column: SourceColumn) throws(SourceError) {
        guard info.rowsRead > emptyLines, info.accepted == 0 else { return }
        let reasons = info.rejected.map { "\($0.reason) \($0.rows)" }.joined(separator: ", ")
        guard blobs.count * 2 <= info.rowsRead else {
            throw .everyRowIsABlob(rows: info.rowsRead, cast: Self.cast(column), name: info.name)
        }
        throw .everyRowRejected(rows: info.rowsRead, reasons: reasons, name: info.name)
    }

    private func sentences(unit: String, column: SourceColumn) -> [String] {
        var sentences: [String] = []
        if info.rowsRead == emptyLines {
            let what = info.kind == "csv" ? "a header and no rows" : "no rows"
            sentences.append("\(info.name) has \(what), so this run has no ids")
        }
        let looksWrong = profile.cells > 0 && !profile.looksLikeViberIDs
        if looksWrong {
            let line = profile.firstOtherLine.map { ", the first on \(unit) \($0)" } ?? ""
            sentences.append(
                "column '\(column.name)' of \(info.name) does not look like Viber ids: it holds \(profile.content) "
                    + "(\(profile.others.grouped) of the first \(profile.cells.counted("cell")) in another form\(line))"
            )
        }
        sentences += warnings.sentences(unit: unit, isOfOtherForm: looksWrong)
        if blobs.count > 0 {
            sentences.append(
                "\(blobs.count.counted("row")) \(blobs.count == 1 ? "was" : "were") rejected because the id is a BLOB, "
                    + "the first is row \(blobs.firstRow); to read BLOBs as text: --query '\(Self.cast(column))'")
        }
        if info.rejectedTotal * 10 > info.rowsRead, info.rowsRead > emptyLines {
            let reasons = info.rejected.map { "\($0.rows.grouped) \($0.reason)" }.joined(separator: ", ")
            sentences.append(
                "\(info.rejectedTotal.grouped) of \(info.rowsRead.counted("row")) of \(info.name) were rejected "
                    + "(\(reasons)), the first on \(unit) \(rejections.firstLine); rejected.csv in the snapshot lists "
                    + "them")
        }
        return sentences
    }

    private static func cast(_ column: SourceColumn) -> String {
        "SELECT CAST(\(column.name.quotedName) AS TEXT) FROM \((column.table ?? "TABLE").quotedName)"
    }
}
