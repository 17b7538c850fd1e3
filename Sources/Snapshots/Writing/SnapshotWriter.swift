import Files
import Formats
import Journal
package import Model

/// Writes the files of a snapshot into a staging directory and publishes it by one rename.
package struct SnapshotWriter {
    private let directory: OutputDirectory
    private let formats: Set<SnapshotFormat>
    private let clock: @Sendable () -> (publish: Double, total: Double, now: Timestamp)

    /// Calls a closure for every row, in source order.
    package typealias Rows = (_ visit: (_ id: ArraySlice<UInt8>, _ entry: IDState) throws -> Void) throws -> Void

    /// Prepares to write a snapshot.
    ///
    /// - Parameters:
    ///   - directory: the output directory.
    ///   - formats: the formats of the rows.
    ///   - clock: the seconds since the start of publishing and of the run, and the current time.
    package init(
        _ directory: OutputDirectory,
        formats: Set<SnapshotFormat>,
        clock: @escaping @Sendable () -> (publish: Double, total: Double, now: Timestamp)
    ) {
        self.directory = directory
        self.formats = formats
        self.clock = clock
    }

    /// Writes the snapshot and publishes it.
    ///
    /// Before the rename only the run's work directory changes. The work directory is kept, with an older form of the
    /// snapshot if there was one. The new name is not yet synced to the disk when this returns.
    ///
    /// - Parameters:
    ///   - summary: the summary without counts, times and exit code, which are filled in.
    ///   - rows: calls its argument for every row.
    ///   - exitCode: the exit code for the counts of the rows.
    /// - Returns: the published snapshot.
    /// - Throws: `BrokenInvariant`, `FileError`.
    package func publish(
        _ summary: RunSummary,
        rows: Rows,
        exitCode: (Counts) -> Int32
    ) throws -> PublishedSnapshot {
        let work = directory.work.run(summary.run.id)
        let staging = work.staging
        try FileSystem.remove(staging)
        try FileSystem.make(staging)
        // A partial snapshot would keep a full disk full. After success there is nothing left to remove.
        defer { try? FileSystem.remove(staging) }
        var summary = summary
        var files = try write(&summary, rows: rows, exitCode: exitCode, into: staging)
        if summary.source.rejectedTotal > 0 {
            // Copied, not moved: if this process ends before publishing, the next run needs the file.
            try FileSystem.copy(work.rejected, to: staging + "/" + RejectedCSV.fileName)
            let rows = try RejectedCSV.read(staging + "/" + RejectedCSV.fileName).rows
            files.append(try manifestEntry(RejectedCSV.fileName, rows: rows, in: staging))
        }
        let json = summary.json(files: files)
        let file = try OutputFile(creating: staging + "/" + RunSummary.fileName)
        try file.write(JSONText.indented(json))
        try file.finish()
        try FileSystem.sync(staging)

        let target = directory.published(summary.run)
        // Only an incomplete snapshot that an earlier process of this run published is replaced.
        let isOwn = summary.run.resumed > 0 && summary.run.exitCode != 0
        if let existing = FileStatus(at: target), !isOwn || existing.kind != .directory {
            throw FileError(.cannotCreate, path: target, description: "cannot publish \(target): it already exists")
        }
        // A process may have ended between two renames and left this. If nothing is published, it is the only form.
        if FileSystem.exists(target) { try ReplacedSnapshot.discard(work.replaced, keepingFilesIn: target) }
        try FileSystem.replaceDirectory(target, with: staging, movingOldTo: work.replaced)
        return PublishedSnapshot(summary: summary, json: json, path: target, files: files)
    }

    /// Writes all formats and counts the outcomes in one pass over the rows.
    private func write(
        _ summary: inout RunSummary,
        rows: Rows,
        exitCode: (Counts) -> Int32,
        into staging: String
    ) throws -> [ManifestEntry] {
        let csv =
            try formats.contains(.csv)
            ? GzipWriter(OutputFile(creating: staging + "/" + SubscribersCSV.fileName)) : nil
        // The counts and the duration of publishing are known only at the end, but stand at the start of the document:
        // their bytes are reserved.
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
        if csv != nil { files.append(try manifestEntry(SubscribersCSV.fileName, rows: count, in: staging)) }
        if json != nil { files.append(try manifestEntry(SnapshotJSON.fileName, rows: count, in: staging)) }
        return files
    }

    /// The summary with the longest possible text for each value that is not yet known.
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

    /// Has more digits than the duration of any run.
    private static let widestSeconds = 9_999_999_999.999

    private func manifestEntry(_ name: String, rows: Int, in staging: String) throws -> ManifestEntry {
        let sum = try Checksum.sha256(ofFile: staging + "/" + name)
        return ManifestEntry(name: name, rows: rows, bytes: sum.length, sha256: sum.hex)
    }
}

/// The formats of a snapshot's rows.
package enum SnapshotFormat: String, Sendable, CaseIterable {
    case csv, json
}
