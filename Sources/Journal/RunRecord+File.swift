import Files
import Model

/// `run.json`: the record of a run under way, in its directory.
extension RunRecord {
    static let fileName = "run.json"

    /// Keeps the record, in place of an older one, in one step.
    package func write(in directory: WorkDirectory) throws {
        let files = directory.run(run)
        try FileSystem.replaceFile(files.record, content: json, through: files.newRecord)
        try FileSystem.sync(files.path)
    }

    /// Reads the record of a run; nil if there is none.
    ///
    /// Throws `FileError` if it cannot be read, `DamagedSnapshot` if it makes no sense or is another version's.
    init?(of files: RunDirectory) throws {
        guard FileSystem.exists(files.record) else { return nil }
        try self.init(json: FileSystem.contents(of: files.record))
        guard run == files.id else { throw DamagedSnapshot("\(Self.fileName) is another run's") }
    }
}
