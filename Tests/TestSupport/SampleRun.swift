import Formats
import Journal
package import Model
package import Snapshots

/// A synthetic run: its rows, and a summary that matches them.
package struct SampleRun {
    package var summary: RunSummary
    package var rows: [SnapshotRow]
    /// Rows for `rejected.csv`.
    package var rejected: [(line: Int, reason: String, value: [UInt8], rows: Int)] = []
    package var formats: Set<SnapshotFormat> = [.csv, .json]
    /// The duration of publishing in seconds.
    package var publishing = 0.25

    package static let key = String(repeating: "0a", count: 32)
    package static let startedAt = Timestamp(milliseconds: 1_795_302_900_000)
    package static let finishedAt = Timestamp(milliseconds: 1_795_302_961_987)

    package init(rows: [SnapshotRow], salt: UInt64 = 0x7f3a) {
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
            JSONMember(name: "id", json: Array(#""pa:1234567890123456789""#.utf8)),
            JSONMember(name: "name", json: Array(#""Bot, \"one\"""#.utf8)),
            JSONMember(name: "location", json: Array(#"{"lat":1.10}"#.utf8)),
            JSONMember(name: "subscribers_count", json: Array("35".utf8)),
        ])
        summary.api.requests = 3
        summary.api.retries = 1
        summary.timing.spool = 0.125
        summary.timing.asking = 60.5
        summary.warnings = ["one \"warning\""]
    }

    /// Adds duplicates and rejected rows to the counts, as reading a source does.
    package mutating func add(duplicates: Int, rejected: [(line: Int, reason: String, value: [UInt8], rows: Int)]) {
        summary.source.duplicates += duplicates
        summary.source.accepted += duplicates
        summary.source.rowsRead += duplicates + rejected.reduce(0) { $0 + $1.rows }
        for row in rejected { summary.source.reject(row.reason, rows: row.rows) }
        self.rejected += rejected
    }

    /// Writes and publishes the snapshot, with exit code 0 if every id has a definite answer, else 3.
    @discardableResult
    package func publish(in directory: OutputDirectory) throws -> PublishedSnapshot {
        try beginWork(in: directory)
        let published = try writer(in: directory).publish(
            summary, rows: visitRows, exitCode: { $0.unresolved == 0 ? 0 : 3 })
        try directory.work.run(summary.run.id).remove()
        return published
    }

    /// Creates the run's work directory with the rejected rows.
    package func beginWork(in directory: OutputDirectory) throws {
        let work = directory.work.run(summary.run.id)
        try work.create()
        var rejections = RejectedCSV(path: work.rejected)
        for row in rejected {
            try rejections.append(line: row.line, reason: row.reason, value: row.value, rows: row.rows)
        }
        try rejections.finish()
    }

    /// A writer for the formats of the run.
    package func writer(in directory: OutputDirectory) -> SnapshotWriter {
        let (publishing, finished) = (publishing, max(Self.finishedAt, summary.run.startedAt))
        return SnapshotWriter(directory, formats: formats) {
            (publish: publishing, total: publishing + 61, now: finished)
        }
    }

    /// Calls `visit` with every row.
    package func visitRows(_ visit: (_ id: ArraySlice<UInt8>, _ entry: IDState) throws -> Void) throws {
        for row in rows { try visit(row.id[...], row.entry) }
    }
}
