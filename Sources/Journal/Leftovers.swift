package import Model

/// What earlier runs left in the work directory. To be looked at with the lock held.
package struct Leftovers: Sendable {
    /// Runs that stopped early and can be gone on with, as far as they say themselves; newest last.
    package private(set) var unfinished: [WorkRecord] = []
    /// What a person should know, in sentences.
    package private(set) var notes: [String] = []

    private let directory: WorkDirectory

    /// Finds the runs that can be resumed, and discards the rest.
    ///
    /// - Parameters:
    ///   - directory: the work directory.
    ///   - finish: does what is left to do of a run whose snapshot is published, and returns whether it is.
    /// - Throws: `FileError`, and what `finish` throws.
    package init(in directory: WorkDirectory, finish: (RunID) throws -> Bool) throws {
        self.directory = directory
        for run in try directory.runs() {
            let files = directory.run(run)
            if try finish(run) {
                try files.remove()
                continue
            }
            // A record that the disk does not give now may be there another time: that error ends this run and drops nothing.
            do {
                guard let record = try WorkRecord(of: files) else {
                    try drop(run, because: "it ended before its source was read")
                    continue
                }
                unfinished.append(record)
            } catch let error as DamagedSnapshot {
                try drop(run, because: error.description)
            }
        }
    }

    /// Drops the work of a run.
    package mutating func drop(_ run: RunID, because reason: String) throws {
        try directory.run(run).remove()
        unfinished.removeAll { $0.run == run }
        notes.append("what run \(run) had left unfinished was dropped: \(reason)")
    }
}
