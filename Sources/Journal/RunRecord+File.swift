import Files
import Model

/// `run.json`: the record of an unfinished run, in its directory.
extension RunRecord {
    static let fileName = "run.json"

    /// Writes the record, replacing an older one atomically.
    package func write(in directory: WorkDirectory) throws {
        let files = directory.run(run)
        try FileSystem.replaceFile(files.record, content: json, through: files.newRecord)
        try FileSystem.sync(files.path)
    }

    /// Reads the record of a run; nil if there is none.
    ///
    /// - Parameter files: the directory of the run.
    /// - Throws: `FileError` if it cannot be read; `DamagedSnapshot` if it is damaged, or of another version or run.
    init?(of files: RunDirectory) throws {
        guard FileSystem.exists(files.record) else { return nil }
        try self.init(json: FileSystem.contents(of: files.record))
        guard run == files.id else { throw DamagedSnapshot("\(Self.fileName) is the record of another run") }
    }
}
