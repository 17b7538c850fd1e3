import Files
package import Model

/// `run.json`: the record of a run under way, in its work directory.
extension WorkRecord {
    /// Keeps the record, in place of an older one, in one step.
    package func write(in directory: OutputDirectory) throws {
        try Directories.replaceFile(Self.path(of: run, in: directory), content: json)
        try Directories.sync(directory.work(of: run))
    }

    /// Reads the record of a run; nil if there is none.
    ///
    /// Throws `FileError` if it cannot be read, `DamagedSnapshot` if it makes no sense or is another version's.
    package init?(of run: RunID, in directory: OutputDirectory) throws {
        let path = Self.path(of: run, in: directory)
        guard Directories.exists(path) else { return nil }
        try self.init(json: Directories.contents(of: path))
        guard self.run == run else { throw DamagedSnapshot("\(Self.fileName) is another run's") }
    }

    private static func path(of run: RunID, in directory: OutputDirectory) -> String {
        directory.work(of: run) + "/" + fileName
    }
}
