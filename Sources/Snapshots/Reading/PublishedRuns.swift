import Files
import Formats
package import Model

/// The snapshots in an output directory, oldest first, and the names people give them.
package struct PublishedRuns: Sendable {
    private let directory: OutputDirectory
    package private(set) var snapshots: [SnapshotReader] = []
    /// Runs that started in the future, and are left out.
    package private(set) var future: [RunID] = []
    /// What a person should know of snapshots that are left out, in sentences.
    package private(set) var notes: [String] = []

    /// Reads the summaries. Runs that cannot be read, or started in the future, are left out, and `notes` says so.
    ///
    /// - Throws: `FileError` if the directory is missing or cannot be read.
    package init(in directory: OutputDirectory, now: Timestamp) throws {
        self.directory = directory
        guard Directories.exists(directory.path) else {
            throw FileError(
                .unreadable, path: directory.path,
                saying: "there is no directory \(directory.path); a run makes it: viber-rollcall SOURCE --output-dir "
                    + directory.path)
        }
        for name in try Directories.list(directory.path) where RunID(directoryName: name) != nil {
            let path = directory.path + "/" + name
            do {
                let snapshot = try SnapshotReader(path)
                if snapshot.summary.run.isInTheFuture(at: now) {
                    future.append(snapshot.summary.run.id)
                    notes.append(directory.leftOut(path, startedAt: snapshot.summary.run.startedAt))
                } else {
                    snapshots.append(snapshot)
                }
            } catch let error as DamagedSnapshot {
                notes.append("\(path) is left out: \(error.description)")
            } catch let error as FileError {
                notes.append("\(path) is left out: \(error.description)")
            }
        }
        // One that says who it is under another's name would take part twice.
        snapshots.sort { $0.summary.run.isEarlier(than: $1.summary.run) }
    }

    /// The newest run, complete or not.
    package var newest: SnapshotReader? { snapshots.last }

    /// The newest complete run.
    package var latest: SnapshotReader? { snapshots.last { $0.summary.run.exitCode == 0 } }

    /// The complete run before another, of the same account and source.
    package func earlier(than later: SnapshotReader) -> SnapshotReader? {
        snapshots.last { candidate in
            candidate.summary.run.exitCode == 0
                && candidate.summary.run.isEarlier(than: later.summary.run)
                && candidate.summary.hasSource(of: later.summary) && candidate.summary.hasAccount(of: later.summary)
        }
    }

    /// Finds a snapshot by the name that a person gives it: a run id, `latest`, `previous` (the complete run before the
    /// latest), a day such as 2026-11-21 (the newest run that began on it, UTC), or a path.
    ///
    /// Throws `NoSuchRun`, and `FileError` and `DamagedSnapshot` of a path.
    package func named(_ name: String) throws -> SnapshotReader {
        switch name {
        case "latest":
            guard let latest else { throw NoSuchRun("there is no complete run", runs: self) }
            return latest
        case "previous":
            guard let latest, let previous = earlier(than: latest) else {
                throw NoSuchRun("there is no complete run before the latest one", runs: self)
            }
            return previous
        default: break
        }
        if let id = RunID(directoryName: name), let found = snapshots.last(where: { $0.summary.run.id == id }) {
            return found
        }
        if name.wholeMatch(of: /\d{4}-\d{2}-\d{2}/) != nil {
            guard let found = snapshots.last(where: { $0.summary.run.startedAt.seconds.hasPrefix(name) }) else {
                throw NoSuchRun("no run began on \(name)", runs: self)
            }
            return found
        }
        guard name.contains("/") || Directories.isDirectory(name) else {
            throw NoSuchRun("there is no run '\(SafeText(name))'", runs: self)
        }
        return try SnapshotReader(name)
    }

    /// The newest successful run of a source; snapshots that cannot be read are passed over.
    ///
    /// Reads no more summaries than it has to. Runs that started more than five minutes after `now` are passed over: their
    /// clock was wrong.
    package static func lastSuccessful(
        of source: RunSummary.Source,
        in directory: OutputDirectory,
        now: Timestamp
    ) throws -> SnapshotReader? {
        guard Directories.exists(directory.path) else { return nil }
        for name in try Directories.list(directory.path).reversed()
        where RunID(directoryName: name)?.description == name {
            guard let snapshot = try? SnapshotReader(directory.path + "/" + name),
                snapshot.summary.run.exitCode == 0,
                !snapshot.summary.run.isInTheFuture(at: now),
                snapshot.summary.source.isSame(as: source)
            else { continue }
            return snapshot
        }
        return nil
    }

    fileprivate var description: String {
        guard let first = snapshots.first, let last = snapshots.last else {
            return "no run has left a snapshot in \(directory.path) yet; take one: viber-rollcall SOURCE"
        }
        return "\(directory.path) has \(snapshots.count) from \(first.summary.run.id) to \(last.summary.run.id)"
    }
}

/// A run that was named, or is needed, is not there.
package struct NoSuchRun: Error, CustomStringConvertible {
    package let description: String

    /// `runs`: those that there are.
    package init(_ what: String, runs: PublishedRuns) { description = what + "; " + runs.description }
}
