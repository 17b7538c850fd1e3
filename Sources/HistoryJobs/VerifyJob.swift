import Files
package import Model
package import Snapshots

/// Finds the snapshots to verify. Unlike commands that compare runs, it finds damaged ones too, by their names.
package struct VerifyJob: Sendable {
    private let directory: OutputDirectory
    private let now: Timestamp

    /// - Parameters:
    ///   - directory: the directory of the snapshots.
    ///   - now: the current time; a run that started long after it is not the newest.
    package init(in directory: OutputDirectory, now: Timestamp) {
        self.directory = directory
        self.now = now
    }

    /// The path of every directory that has the name of a run, oldest first.
    ///
    /// - Throws: `FileError` if the output directory cannot be read, `NoSuchRun` if it has no run.
    package func all() throws -> [String] {
        let names = try FileSystem.list(directory.path).filter { RunID(directoryName: $0) != nil }
        guard !names.isEmpty else {
            throw NoSuchRun("nothing to verify", runs: try PublishedRuns(in: directory, now: now))
        }
        return names.map { directory.path + "/" + $0 }
    }

    /// The directory of a run.
    ///
    /// - Parameters:
    ///   - name: the run as the user names it; nil for the newest.
    ///   - warn: receives warnings about runs that were left out, one sentence each.
    /// - Returns: its path; there may be nothing at it.
    /// - Throws: `NoSuchRun`, `FileError`.
    package func path(of name: String?, warn: ([String]) -> Void) throws -> String {
        guard let name else {
            let all = try all()
            warn(try directory.futureRuns(now: now))
            let names = all.filter {
                RunID(directoryName: FilePaths.name(of: $0))?.startedAt?.isInTheFuture(at: now) == false
            }
            return try names.last ?? PublishedRuns(in: directory, now: now).named("latest").path
        }
        if let run = RunID(directoryName: name) {
            let forms = name == run.description ? [true, false] : [false]
            for path in forms.map({ directory.published(run, isWhole: $0) }) where FileSystem.exists(path) {
                return path
            }
        }
        // A name with a slash, or of an existing directory, is a path, even outside the output directory.
        if name.contains("/") || FileSystem.isDirectory(name) && name != "latest" { return name }
        let runs = try PublishedRuns(in: directory, now: now)
        warn(runs.warnings)
        return try runs.named(name).path
    }
}
