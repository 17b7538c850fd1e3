import Files
package import Model

/// Reads a source to its end and leaves its ids in a spool: each once, in source order, every row accounted for.
///
/// Nothing is sent while this runs, and the source is closed when it returns: a read that stays open would block the
/// writers of a database for as long as the run takes.
package struct Spooling {
    private var facts: RunSummary.Source
    private var seen = SeenIDs()
    private var spool: SpoolWriter
    private var phoneNumbers = 0
    private var accountIDs = 0
    private var emptyLines = 0

    /// `check`: called for every row; what it throws ends the reading.
    /// `rejected`: takes every row that yields no id, in source order.
    /// Returns what was read, and sentences about what looks like a mistake.
    /// Throws `SourceError`, `GzipError`, `FileError`.
    package static func run(
        _ options: SourceOptions,
        source: SubscriberSource,
        spoolPath: String,
        check: () throws -> Void = {},
        rejected: (Rejection) throws -> Void
    ) throws -> (source: RunSummary.Source, warnings: [String]) {
        var spooling = Spooling(
            facts: RunSummary.Source(kind: source.kind, name: options.name, column: ""),
            spool: try SpoolWriter(creating: spoolPath)
        )
        let read = try source.read(options) { cell, line in
            try check()
            try spooling.take(cell, line: line, rejected: rejected)
        }
        spooling.facts.column = read.column
        try spooling.spool.finish()
        try spooling.checkRows()
        return (spooling.facts, (read.warning.map { [$0] } ?? []) + spooling.warnings)
    }

    private init(facts: RunSummary.Source, spool: SpoolWriter) {
        self.facts = facts
        self.spool = spool
    }

    private mutating func take(
        _ cell: SourceCell,
        line: Int,
        rejected: (Rejection) throws -> Void
    ) throws {
        facts.rowsRead += 1
        switch cell {
        case .unusable(let reason, let value):
            if reason == .blank { emptyLines += 1 }
            facts.reject(reason.rawValue)
            try rejected(Rejection(line: line, reason: reason, value: Array(value.prefix(Self.valueLimit))))
        case .text(let value):
            let id = Blanks.trim(value)
            if let reason = RejectionReason(judging: id) {
                facts.reject(reason.rawValue)
                try rejected(Rejection(line: line, reason: reason, value: Array(value.prefix(Self.valueLimit))))
                return
            }
            if id.count < value.count { facts.trimmed += 1 }
            facts.accepted += 1
            guard try isNew(id) else {
                facts.duplicates += 1
                return
            }
            facts.unique += 1
            noteLikelyMistake(id)
            try spool.append(id)
        }
    }

    /// Whether the spool does not hold an id, which is then to be appended.
    private mutating func isNew(_ id: ArraySlice<UInt8>) throws -> Bool {
        var search = seen.search(for: id)
        while let place = seen.next(&search) { if try spool.holds(id, at: place) { return false } }
        try seen.insert(search, at: spool.end)
        return true
    }

    /// Bytes of a rejected cell that are kept.
    private static let valueLimit = 200

    private func checkRows() throws(SourceError) {
        guard facts.rowsRead > emptyLines, facts.accepted == 0 else { return }
        let reasons = facts.rejected.map { "\($0.reason) \($0.rows)" }.joined(separator: ", ")
        throw .everyRowRejected(rows: facts.rowsRead, reasons: reasons, name: facts.name)
    }

    /// Public code passes both of these to `get_online`, which knows neither.
    private mutating func noteLikelyMistake(_ id: ArraySlice<UInt8>) {
        guard let first = id.first else { return }
        if first == UInt8(ascii: "p") {
            if id.starts(with: "pa:".utf8) { accountIDs += 1 }
        } else if first == UInt8(ascii: "+") || first >= 0x30 && first <= 0x39 {
            let digits = first == UInt8(ascii: "+") ? id.dropFirst() : id
            if (7...15).contains(digits.count), digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) { phoneNumbers += 1 }
        }
    }

    private var warnings: [String] {
        var sentences: [String] = []
        if facts.rowsRead == emptyLines {
            let what = facts.kind == "csv" ? "a header and no rows" : "no rows"
            sentences.append("\(facts.name) has \(what): there is nobody to ask for")
        }
        if phoneNumbers > 0 {
            sentences.append(
                "ids that look like phone numbers: \(phoneNumbers); the API knows subscribers by Viber id, not by number"
            )
        }
        if accountIDs > 0 {
            sentences.append(
                "ids that begin with 'pa:': \(accountIDs); those are ids of accounts and not of subscribers")
        }
        return sentences
    }
}
