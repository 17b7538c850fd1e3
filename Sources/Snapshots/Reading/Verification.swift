import Files
import Formats
package import Model

/// Checks a snapshot: checksums, gzip data, rows, counts, and that its files agree.
package struct Verification {
    package let summary: RunSummary
    package let files: [ManifestEntry]
    /// The faults found, one sentence each; empty for a sound snapshot.
    package private(set) var findings: [String] = []

    /// - Throws: `FileError` if there is no snapshot to read.
    package init(of path: String) throws {
        let reader = try SnapshotReader(path)
        summary = reader.summary
        files = reader.files
        do {
            try Invariants.check(reader.summary)
        } catch {
            findings.append(error.description)
        }
        if summary.run.complete != (summary.counts.unresolved == 0) {
            findings.append("complete is \(summary.run.complete), but \(summary.counts.unresolved) ids are unresolved")
        }
        checkFiles(in: path)
        guard findings.isEmpty else { return }  // the rows of damaged files would add nothing
        do {
            try checkRows(reader)
            try checkRejected(in: path)
        } catch {
            // The readers throw only errors of this program, which have a description for users.
            findings.append(String(describing: error))
        }
    }

    private mutating func checkFiles(in path: String) {
        if files.allSatisfy({ $0.name == RejectedCSV.fileName }) { findings.append("no file holds the rows") }
        for file in files {
            guard !file.name.contains("/"), SanitizedText(file.name).description == file.name else {
                findings.append("'\(SanitizedText(file.name))' is not a valid name of a file of a snapshot")
                continue
            }
            do {
                if let difference = try file.difference(in: path) { findings.append(difference) }
            } catch {
                // The same.
                findings.append(String(describing: error))
            }
        }
    }

    /// Compares both files row by row: they must hold the same ids in the same order with the same answers.
    private mutating func checkRows(_ reader: SnapshotReader) throws {
        var csv = reader.holds(SubscribersCSV.fileName) ? try reader.csvRows() : nil
        var json = reader.holds(SnapshotJSON.fileName) ? try reader.jsonRows() : nil
        if let json, json.members != reader.members.filter({ $0.name != "files" }) {
            findings.append("\(SnapshotJSON.fileName) and \(RunSummary.fileName) describe different runs")
        }
        var counts = Counts()
        var ids = IDTable(capacity: summary.counts.total)
        while true {
            let hasCSV = try csv?.advance() ?? false
            let hasJSON = try json?.advance() ?? false
            // The row in both files, or in the only one.
            guard let entry = hasCSV ? csv?.entry : json?.entry, hasCSV || hasJSON else { break }
            let id = (hasCSV ? csv?.id : json?.id) ?? []
            if csv != nil, json != nil, !hasCSV || !hasJSON || json?.entry != entry || !(json?.id ?? []).bytesEqual(id)
            {
                throw DamagedSnapshot(
                    "row \(counts.total + 1) of \(SubscribersCSV.fileName) and \(SnapshotJSON.fileName) differ")
            }
            counts.add(entry.outcome)
            if !ids.insert(id).isInserted {
                throw DamagedSnapshot("row \(counts.total) repeats the id of an earlier row")
            }
        }
        for file in files where file.name != RejectedCSV.fileName && file.rows != counts.total {
            findings.append("\(file.name) has \(counts.total) rows, not \(file.rows)")
        }
        if counts != summary.counts { findings.append("the counts of the rows do not match the summary") }
        if (csv?.members ?? 1) != 1 || (json?.gzipMembers ?? 1) != 1 {
            findings.append("a gzip file has more than one member")
        }
    }

    private mutating func checkRejected(in path: String) throws {
        guard let entry = files.first(where: { $0.name == RejectedCSV.fileName }) else {
            if summary.source.rejectedTotal > 0 { findings.append("\(RejectedCSV.fileName) is missing") }
            return
        }
        let actual = try RejectedCSV.read(path + "/" + RejectedCSV.fileName)
        let isSame =
            actual.rejected.allSatisfy(summary.source.rejected.contains)
            && actual.rejected.count == summary.source.rejected.count
        if actual.rows != entry.rows || !isSame {
            findings.append("\(RejectedCSV.fileName) does not hold the rejected rows that the summary counts")
        }
    }
}
