import Files
package import Model
package import Snapshots

/// Which snapshots are to be read back. Other than commands that compare runs, this one finds damaged ones by their names.
package struct VerifyJob: Sendable {
    private let directory: OutputDirectory
    private let now: Timestamp

    /// `now`: no run that started long after it is the newest.
    package init(in directory: OutputDirectory, now: Timestamp) {
        self.directory = directory
        self.now = now
    }

    /// Every directory that has the name of a run, oldest first.
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
    ///   - name: as a person names it; nil for the newest.
    ///   - warn: is handed what a person should know of runs that were left out.
    /// - Returns: its path; nothing need be there.
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
        // What leads somewhere is a path, also where no directory of snapshots is.
        if name.contains("/") || FileSystem.isDirectory(name) && name != "latest" { return name }
        let runs = try PublishedRuns(in: directory, now: now)
        warn(runs.warnings)
        return try runs.named(name).path
    }
}
