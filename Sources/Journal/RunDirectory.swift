import Files
package import Model

/// The files that one run keeps until its snapshot is published.
package struct RunDirectory: Sendable {
    package let id: RunID
    package let path: String
    private let parent: String

    init(_ id: RunID, in parent: String) {
        self.id = id
        self.parent = parent
        path = parent + "/" + id.description
    }

    /// The accepted ids of the source, each once.
    package var spool: String { path + "/spool" }
    /// The answers for the ids of the spool.
    package var answers: String { path + "/answers" }
    /// The summary so far and the settings of the run: `RunRecord`.
    var record: String { path + "/" + RunRecord.fileName }
    /// The temporary path of the record.
    var newRecord: String { record + ".new" }
    /// Rejected rows of the source; exists only if there are any.
    package var rejected: String { path + "/" + SnapshotFile.rejected.rawValue }
    /// The snapshot before it is published.
    package var staging: String { path + "/snapshot" }
    /// Where an older snapshot of the run is moved before it is deleted, so that no reader sees it half deleted.
    package var replaced: String { path + "/replaced" }

    /// Makes the directory and syncs it to the disk before the snapshot: after a crash it shows which steps remain.
    package func create() throws {
        try FileSystem.make(path)
        try FileSystem.sync(parent)
    }

    /// Removes the directory with the files of the run.
    ///
    /// - Throws: `FileError` if the directory holds any other file; then nothing is removed.
    package func remove() throws {
        if let unknown = try unknownFile() {
            throw FileError(
                .failed, path: path, description: "\(unknown) was not made by this program; \(path) is left as it is")
        }
        try FileSystem.remove(path)
    }

    /// The path of a file in the directory that no run makes; nil if there is none.
    func unknownFile() throws -> String? {
        guard let status = FileStatus(at: path) else { return nil }
        guard status.kind == .directory else { return path }
        let files = [spool, answers, record, newRecord, rejected]
        let snapshots = [staging, replaced]
        for name in try FileSystem.list(path).map({ path + "/" + $0 }) {
            let kind = FileStatus(at: name)?.kind
            if files.contains(name), kind == .regular { continue }
            guard snapshots.contains(name), kind == .directory else { return name }
            let expected = Set(SnapshotFile.allCases.map(\.rawValue))
            for file in try FileSystem.list(name)
            where !expected.contains(file) || FileStatus(at: name + "/" + file)?.kind != .regular {
                return name + "/" + file
            }
        }
        return nil
    }
}
