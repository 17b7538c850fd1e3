import Files
package import Model

/// What earlier runs left in the work directory. To be looked at with the lock held.
package struct UnfinishedRuns: Sendable {
    /// Runs that stopped early and can be gone on with, as far as they say themselves; newest last.
    package private(set) var resumable: [RunRecord] = []
    /// What a person should know, in sentences.
    package private(set) var warnings: [String] = []

    private let directory: WorkDirectory

    /// Finds the runs that can be resumed, and discards the rest. What is not surely this program's stays.
    ///
    /// - Parameters:
    ///   - directory: the work directory.
    ///   - work: its lock.
    ///   - finishPublished: does what is left to do of a run whose snapshot is published, and returns what a person should know of
    ///     that; nil for a run that is not published.
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
                if let told = finishPublished(run) {
                    warnings += told
                    try files.remove()
                } else if let stranger = try files.stranger() {
                    warnings.append("\(stranger) is not this program's: the work of run \(run) is left as it is")
                } else if !work.ownership.isTrusted {
                    try drop(run, because: "others could write in its directory")
                } else if let record = try RunRecord(of: files) {
                    resumable.append(record)
                } else {
                    try drop(run, because: "it ended before its source was read")
                }
            } catch let error as DamagedSnapshot {
                discard(run, because: error.description)
            } catch let error as FileError {
                // What the disk does not give now may be there another time.
                warnings.append("the work of run \(run) is left as it is: \(error.description)")
            }
        }
    }

    /// Drops the work of a run; what cannot be removed is left, and said.
    package mutating func discard(_ run: RunID, because reason: String) {
        do {
            try drop(run, because: reason)
        } catch {
            resumable.removeAll { $0.run == run }
            // Of removing files, which has words of its own.
            warnings.append("the work of run \(run) could not be removed: \(String(describing: error))")
        }
    }

    private mutating func drop(_ run: RunID, because reason: String) throws {
        try directory.run(run).remove()
        resumable.removeAll { $0.run == run }
        warnings.append("what run \(run) had left unfinished was dropped: \(reason)")
    }
}
