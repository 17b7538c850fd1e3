import Files
package import Model

/// What one run keeps until its snapshot is published, and the names of all of it.
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
    /// What is known of each id of the spool.
    package var answers: String { path + "/answers" }
    /// The summary so far and the settings of the run: `RunRecord`.
    var record: String { path + "/" + RunRecord.fileName }
    /// The record while it is written anew.
    var newRecord: String { record + ".new" }
    /// Rows of the source that yielded no id; there if there are any.
    package var rejected: String { path + "/" + SnapshotFile.rejected.rawValue }
    /// The snapshot before it is published.
    package var staging: String { path + "/snapshot" }
    /// Where an older snapshot of the run is moved before it is deleted, so that no reader sees it half deleted.
    package var replaced: String { path + "/replaced" }

    /// Makes the directory. It is on the disk before the snapshot is: what is left to do after that is known by it.
    package func create() throws {
        try FileSystem.make(path)
        try FileSystem.sync(parent)
    }

    /// Removes the directory and all that the run made in it.
    /// - Throws: `FileError` if there is anything else, and then removes nothing.
    package func remove() throws {
        if let stranger = try stranger() {
            throw FileError(.failed, path: path, saying: "\(stranger) is not this program's; \(path) is left as it is")
        }
        try FileSystem.remove(path)
    }

    /// Something in the directory that no run makes; nil if there is nothing.
    func stranger() throws -> String? {
        guard let status = FileStatus(at: path) else { return nil }
        guard status.kind == .directory else { return path }
        let files = [spool, answers, record, newRecord, rejected]
        let snapshots = [staging, replaced]
        for name in try FileSystem.list(path).map({ path + "/" + $0 }) {
            let kind = FileStatus(at: name)?.kind
            if files.contains(name), kind == .regular { continue }
            guard snapshots.contains(name), kind == .directory else { return name }
            let known = Set(SnapshotFile.allCases.map(\.rawValue))
            for file in try FileSystem.list(name)
            where !known.contains(file) || FileStatus(at: name + "/" + file)?.kind != .regular {
                return name + "/" + file
            }
        }
        return nil
    }
}
