import Formats
import Journal
import Model
import TestSupport

@testable import Snapshots

/// A run made up for a test: its rows, and a summary whose numbers fit them.
struct SampleRun {
    var summary: RunSummary
    var rows: [SnapshotRow]
    /// Rows for `rejected.csv`.
    var rejected: [(line: Int, reason: String, value: [UInt8], rows: Int)] = []
    var formats: Set<SnapshotFormat> = [.csv, .json]
    /// Seconds that publishing took.
    var publishing = 0.25

    static let key = String(repeating: "0a", count: 32)
    static let startedAt = Timestamp(milliseconds: 1_795_302_900_000)
    static let finishedAt = Timestamp(milliseconds: 1_795_302_961_987)

    init(rows: [SnapshotRow], salt: UInt64 = 0x7f3a) {
        self.rows = rows
        summary = RunSummary(
            run: .init(
                id: RunID(startedAt: Self.startedAt, salt: salt), startedAt: Self.startedAt, toolVersion: "1.2.3"),
            source: .init(kind: "csv", name: "subscribers.csv", column: "id"))
        summary.run.passes = 2
        summary.run.resumed = 1
        summary.source.key = Self.key
        summary.source.accepted = rows.count
        summary.source.unique = rows.count
        summary.source.rowsRead = rows.count
        summary.account = Account(fields: [
            JSONField(name: "id", json: Array(#""pa:1234567890123456789""#.utf8)),
            JSONField(name: "name", json: Array(#""Bot, \"one\"""#.utf8)),
            JSONField(name: "location", json: Array(#"{"lat":1.10}"#.utf8)),
            JSONField(name: "subscribers_count", json: Array("35".utf8)),
        ])
        summary.api.requests = 3
        summary.api.retries = 1
        summary.timing.spool = 0.125
        summary.timing.asking = 60.5
        summary.warnings = ["one \"warning\""]
    }

    /// Counts duplicates and rejected rows as a source that had them would.
    mutating func add(duplicates: Int, rejected: [(line: Int, reason: String, value: [UInt8], rows: Int)]) {
        summary.source.duplicates += duplicates
        summary.source.accepted += duplicates
        summary.source.rowsRead += duplicates + rejected.reduce(0) { $0 + $1.rows }
        for row in rejected { summary.source.reject(row.reason, rows: row.rows) }
        self.rejected += rejected
    }

    /// Publishes the run; exit code 0 if every id has a definite answer, else 3.
    @discardableResult
    func publish(in directory: OutputDirectory) throws -> Published {
        try directory.beginWork(summary.run.id)
        var rejections = RejectedCSV(in: directory, run: summary.run.id)
        for row in rejected {
            try rejections.append(line: row.line, reason: row.reason, value: row.value, rows: row.rows)
        }
        try rejections.finish()
        let publishing = publishing
        let writer = SnapshotWriter(directory, formats: formats) {
            (publish: publishing, total: publishing + 61, now: Self.finishedAt)
        }
        return try writer.publish(
            summary,
            rows: { visit in for row in rows { try visit(row.id[...], row.entry) } },
            exitCode: { $0.unresolved == 0 ? 0 : 3 })
    }
}

extension SnapshotRow {
    init(_ id: String, _ outcome: Outcome, attempts: Int = 1) {
        self.init(id: Array(id.utf8), entry: RollEntry(outcome: outcome, attempts: attempts))
    }

    static let checkedAt = Timestamp(milliseconds: 1_795_302_930_042)

    static func answered(_ id: String, _ status: Int64, lastOnline: Int64? = nil, attempts: Int = 1) -> SnapshotRow {
        SnapshotRow(
            id,
            .answered(Answer(status: .init(rawValue: status), lastOnline: lastOnline, checkedAt: checkedAt)),
            attempts: attempts)
    }

    /// Every id has a definite answer.
    static let complete: [SnapshotRow] = [
        .answered("q0u1v2+x3y4/z5A6B7C8Dg==", 0), .answered("a/+,\"b\"", 1, lastOnline: 1_551_686_893_588, attempts: 2),
        .answered("line\nbreak", 2), .answered("日本", 4), .answered("plain", 0), .answered("another", 4, attempts: 3),
    ]

    /// One of every outcome there is.
    static let everyOutcome: [SnapshotRow] = [
        .answered("a", 0), .answered("b", 1, lastOnline: 1), .answered("c", 2), .answered("d", 3, attempts: 4),
        .answered("e", 4), .answered("f", 99), .answered("g", -1), .answered("h", .max),
        SnapshotRow("i", .notReturned, attempts: 2), SnapshotRow("j", .notAsked, attempts: 0),
        SnapshotRow("k", .failed(.badData)), SnapshotRow("l", .failed(.missingData)),
        SnapshotRow("m", .failed(.timeout)), SnapshotRow("n", .failed(.connection)),
        SnapshotRow("o", .failed(.http(503))), SnapshotRow("p", .failed(.api(-1))),
        SnapshotRow("q", .failed(.protocolError)), SnapshotRow("r", .failed(.badStatus)),
        SnapshotRow("s", .failed(.conflict)),
    ]

    static let printable = Array("abcXYZ019+/=,;\"'- \\\u{e9}\u{301}日😀")
    /// CSV and JSON have to carry these too, although no source lets them in.
    static let anything = printable + ["\n", "\r", "\t", "\u{1}"]

    /// Different ids, each with any outcome, or any definite one.
    static func random(
        _ count: Int, of characters: [Character], definite: Bool, using random: inout SeededRandom
    ) -> [SnapshotRow] {
        var ids = IDTable()
        var rows: [SnapshotRow] = []
        while rows.count < count {
            let length = Int.random(in: 1...24, using: &random)
            let id = (0..<length).map { _ in String(characters.randomElement(using: &random) ?? "a") }.joined()
            guard id.utf8.count <= SpoolFile.idLimit, ids.insert(Array(id.utf8)[...]).isNew else { continue }
            let attempts = Int.random(in: 1...9, using: &random)
            if !definite, Int.random(in: 0..<3, using: &random) == 0 {
                let outcome = everyOutcome.randomElement(using: &random)?.entry.outcome ?? .notAsked
                rows.append(SnapshotRow(id, outcome, attempts: outcome == .notAsked ? 0 : attempts))
            } else {
                let lastOnline = Int64.random(in: 1...4_102_444_800_000, using: &random)
                rows.append(
                    .answered(
                        id, [0, 1, 2, 4].randomElement(using: &random) ?? 0,
                        lastOnline: Bool.random(using: &random) ? lastOnline : nil, attempts: attempts))
            }
        }
        return rows
    }
}
