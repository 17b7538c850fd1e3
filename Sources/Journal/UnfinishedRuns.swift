import Files
package import Model

/// The unfinished runs in the work directory. Use it only with the lock held.
package struct UnfinishedRuns: Sendable {
    /// Runs that stopped early and can be resumed according to their records; newest last.
    package private(set) var resumable: [RunRecord] = []
    /// Warnings for the user, one sentence each.
    package private(set) var warnings: [String] = []

    private let directory: WorkDirectory

    /// Finds the runs that can be resumed and discards the others. Files that may belong to another program are kept.
    ///
    /// - Parameters:
    ///   - directory: the work directory.
    ///   - work: its lock.
    ///   - finishPublished: finishes a run whose snapshot is already published, and returns warnings; nil for a run
    ///     that is not published.
    /// - Throws: `FileError` if the directory cannot be read.
    package init(in directory: WorkDirectory, _ work: LockedWork, finishPublished: (RunID) -> [String]?) throws {
        self.directory = directory
        for run in try directory.runs() {
            let files = directory.run(run)
            do {
                guard let status = FileStatus(at: files.path) else { continue }
                guard work.ownership.isOwn(status) else {
                    let owner = Users.name(status.owner)
                    warnings.append("the work of run \(run) in \(files.path) belongs to \(owner): it is left as it is")
                    continue
                }
                if let published = finishPublished(run) {
                    warnings += published
                    try files.remove()
                } else if let unknown = try files.unknownFile() {
                    warnings.append(
                        "\(unknown) was not made by this program: the work of run \(run) is left as it is")
                } else if !work.ownership.isTrusted {
                    try removeWork(of: run, because: "others could write in its directory")
                } else if let record = try RunRecord(of: files) {
                    resumable.append(record)
                } else {
                    try removeWork(of: run, because: "it ended before its source was read")
                }
            } catch let error as DamagedSnapshot {
                discard(run, because: error.description)
            } catch let error as FileError {
                // The file may be readable again later.
                warnings.append("the work of run \(run) is left as it is: \(error.description)")
            }
        }
    }

    /// Discards the work of a run. If it cannot be removed, adds a warning.
    package mutating func discard(_ run: RunID, because reason: String) {
        do {
            try removeWork(of: run, because: reason)
        } catch {
            resumable.removeAll { $0.run == run }
            // A `FileError` from removing files, which has a description for users.
            warnings.append("the work of run \(run) could not be removed: \(String(describing: error))")
        }
    }

    private mutating func removeWork(of run: RunID, because reason: String) throws {
        try directory.run(run).remove()
        resumable.removeAll { $0.run == run }
        warnings.append("discarded unfinished run \(run): \(reason)")
    }
}
