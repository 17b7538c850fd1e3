import Files
import Formats
import Journal
package import Model

/// Writes the files of one snapshot into a staged directory and publishes it by one rename.
package struct SnapshotWriter {
    private let directory: OutputDirectory
    private let formats: Set<SnapshotFormat>
    private let clock: @Sendable () -> (publish: Double, total: Double, now: Timestamp)

    /// Hands every row to a closure, in source order.
    package typealias Rows = (_ visit: (_ id: ArraySlice<UInt8>, _ entry: IDState) throws -> Void) throws -> Void

    /// `clock`: seconds since publishing and since the run began, and the time of day.
    package init(
        _ directory: OutputDirectory,
        formats: Set<SnapshotFormat>,
        clock: @escaping @Sendable () -> (publish: Double, total: Double, now: Timestamp)
    ) {
        self.directory = directory
        self.formats = formats
        self.clock = clock
    }

    /// Writes and publishes. Until the rename nothing but the run's work directory changes; it stays, and with it an
    /// older form of the snapshot, if there was one. The name is not yet on the disk when this returns.
    /// `summary`: all but its counts, times and exit code, which are filled in.
    /// `exitCode`: by the counts that the rows gave.
    /// Returns the summary as published, its JSON on one line, and the directory.
    /// Throws `BrokenInvariant`, `FileError`.
    package func publish(
        _ summary: RunSummary,
        rows: Rows,
        exitCode: (Counts) -> Int32
    ) throws -> PublishedSnapshot {
        let work = directory.work.run(summary.run.id)
        let staging = work.staging
        try FileSystem.remove(staging)
        try FileSystem.make(staging)
        // Half a snapshot on a full disk would only keep it full; when all is well there is nothing left to remove.
        defer { try? FileSystem.remove(staging) }
        var summary = summary
        var files = try write(&summary, rows: rows, exitCode: exitCode, into: staging)
        if summary.source.rejectedTotal > 0 {
            // Not moved: should this end half-way, the next run publishes it.
            try FileSystem.copy(work.rejected, to: staging + "/" + RejectedCSV.fileName)
            let rows = try RejectedCSV.read(staging + "/" + RejectedCSV.fileName).rows
            files.append(try facts(RejectedCSV.fileName, rows: rows, in: staging))
        }
        let json = summary.json(files: files)
        let file = try OutputFile(creating: staging + "/" + RunSummary.fileName)
        try file.write(JSONText.indented(json))
        try file.finish()
        try FileSystem.sync(staging)

        let target = directory.published(summary.run)
        // Only what this run published itself when it stopped before is replaced.
        let isOwn = summary.run.resumed > 0 && summary.run.exitCode != 0
        if let there = FileStatus(at: target), !isOwn || there.kind != .directory {
            throw FileError(.cannotCreate, "something is there already:", path: target)
        }
        // Of a process that ended between two renames; where nothing is published it is the only form that there is.
        if FileSystem.exists(target) { try ReplacedSnapshot.discard(work.replaced, keepingFilesIn: target) }
        try FileSystem.replaceDirectory(target, with: staging, movingOldTo: work.replaced)
        return PublishedSnapshot(summary: summary, json: json, path: target, files: files)
    }

    /// One walk over the rows, for all formats and for the counts.
    private func write(
        _ summary: inout RunSummary,
        rows: Rows,
        exitCode: (Counts) -> Int32,
        into staging: String
    ) throws -> [ManifestEntry] {
        let csv =
            try formats.contains(.csv)
            ? GzipWriter(OutputFile(creating: staging + "/" + SubscribersCSV.fileName)) : nil
        // The counts, and how long publishing took, are known when it is over; room is kept at the start of the
        // document.
        let reservedLength = Self.upperBound(summary).openJSON().count
        let json =
            try formats.contains(.json)
            ? GzipWriter(OutputFile(creating: staging + "/" + SnapshotJSON.fileName), reserving: reservedLength) : nil

        try csv?.write(CSVText.record(SubscribersCSV.columns))
        try json?.write(SnapshotJSON.beforeRows)
        let total = summary.source.unique
        var count = 0
        var counts = Counts()
        var (csvTail, jsonTail) = (CachedRowSuffix(), CachedRowSuffix())
        try rows { id, entry in
            count += 1
            counts.add(entry.outcome)
            try csv?.append { SubscribersCSV.append(id, entry, tail: &csvTail, to: &$0) }
            try json?.append {
                SnapshotJSON.append(id, entry, isLast: count == total, tail: &jsonTail, to: &$0)
            }
        }
        try json?.write(SnapshotJSON.afterRows)
        try csv?.finish()

        summary.counts = counts
        summary.run.complete = counts.unresolved == 0
        summary.run.exitCode = exitCode(counts)
        try Invariants.check(summary)
        let times = clock()
        summary.timing.publish = times.publish
        summary.timing.total = times.total
        summary.run.finishedAt = times.now
        let head = summary.openJSON()
        try json?.finish(opening: head + [UInt8](repeating: 0x20, count: max(reservedLength - head.count, 0)))

        var files: [ManifestEntry] = []
        if csv != nil { files.append(try facts(SubscribersCSV.fileName, rows: count, in: staging)) }
        if json != nil { files.append(try facts(SnapshotJSON.fileName, rows: count, in: staging)) }
        return files
    }

    /// The summary with as many characters as what is not yet known of it can take.
    private static func upperBound(_ summary: RunSummary) -> RunSummary {
        var upperBound = summary
        for kind in OutcomeKind.allCases { upperBound.counts[kind] = summary.source.unique }
        upperBound.run.complete = false
        upperBound.run.exitCode = widestExitCode
        upperBound.timing.publish = widestSeconds
        upperBound.timing.total = widestSeconds
        return upperBound
    }

    private static let widestExitCode: Int32 = 255

    /// Takes as many digits as no run will.
    private static let widestSeconds = 9_999_999_999.999

    private func facts(_ name: String, rows: Int, in staging: String) throws -> ManifestEntry {
        let sum = try Checksum.sha256(of: staging + "/" + name)
        return ManifestEntry(name: name, rows: rows, bytes: sum.bytes, sha256: sum.hex)
    }
}

/// The forms a snapshot's rows can be written in.
package enum SnapshotFormat: String, Sendable, CaseIterable {
    case csv, json
}
