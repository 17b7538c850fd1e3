import Files
import Formats
package import Model

/// Reads a published snapshot.
package struct SnapshotReader: Sendable {
    package let path: String
    package let summary: RunSummary
    /// The other files, as listed in `summary.json`.
    package let files: [ManifestEntry]
    /// The members of `summary.json`.
    let members: [JSONMember]

    /// Reads `summary.json`. The rows are read by `rows(_:)`.
    ///
    /// - Parameter path: the directory of the snapshot.
    /// - Throws: `FileError` if the snapshot is missing; `DamagedSnapshot` if its summary is malformed.
    package init(_ path: String) throws {
        self.path = path
        let content = try FileSystem.contents(of: path + "/" + RunSummary.fileName)
        (summary, files, members) = try RunSummary.read(content)
    }

    /// Calls `visit` for every row, in source order.
    ///
    /// - Parameter visit: called with the id and the outcome.
    /// - Throws: `DamagedSnapshot` if the file is missing, or its checksum or its rows do not match the summary;
    ///   `GzipError`, `FileError`, and what `visit` throws.
    package func rows(_ visit: (_ id: ArraySlice<UInt8>, _ outcome: Outcome) throws -> Void) throws {
        var counts = Counts()
        let name = holds(SubscribersCSV.fileName) ? SubscribersCSV.fileName : SnapshotJSON.fileName
        try checkSum(of: name)
        if name == SubscribersCSV.fileName {
            var csv = try csvRows()
            while try csv.advance() {
                counts.add(csv.entry.outcome)
                try visit(csv.id, csv.entry.outcome)
            }
        } else {
            var json = try jsonRows()
            while try json.advance() {
                counts.add(json.entry.outcome)
                try visit(json.id, json.entry.outcome)
            }
        }
        let rows = files.first { $0.name == name }?.rows
        guard counts == summary.counts, counts.total == summary.source.unique, counts.total == rows else {
            throw DamagedSnapshot("\(path) is damaged: its rows do not match the counts of its summary")
        }
    }

    /// Checks the SHA-256 of a file: changed rows may give the same counts.
    private func checkSum(of name: String) throws {
        guard let file = files.first(where: { $0.name == name }) else {
            throw DamagedSnapshot("\(path) is damaged: its summary lists no file with rows")
        }
        let difference: String?
        do {
            difference = try file.difference(in: path)
        } catch let error as FileError {
            throw DamagedSnapshot("\(path) is damaged: \(error.description)")
        }
        if let difference { throw DamagedSnapshot("\(path) is damaged: \(difference)") }
    }

    func holds(_ name: String) -> Bool { files.contains { $0.name == name } }

    func csvRows() throws -> CSVRows { try CSVRows(path: path + "/" + SubscribersCSV.fileName) }

    func jsonRows() throws -> JSONRows { try JSONRows(path: path + "/" + SnapshotJSON.fileName) }
}

extension ManifestEntry {
    /// Compares the length and the SHA-256 of a file with this entry.
    ///
    /// - Parameter directory: the directory of the snapshot.
    /// - Returns: the difference, as a sentence; nil if there is none.
    /// - Throws: `FileError` if the file cannot be read.
    func difference(in directory: String) throws -> String? {
        let sum = try Checksum.sha256(ofFile: directory + "/" + name)
        if sum.length != bytes { return "\(name) has \(sum.length) bytes, not \(bytes)" }
        return sum.hex == sha256 ? nil : "\(name) has another sha256 than the summary says"
    }
}
