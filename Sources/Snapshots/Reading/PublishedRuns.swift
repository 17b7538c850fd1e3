import Files
import Formats
package import Model

/// The snapshots in an output directory, oldest first, and the names people give them.
package struct PublishedRuns: Sendable {
    private let directory: OutputDirectory
    /// Those on which a decision may rest, as far as their summaries tell.
    package private(set) var snapshots: [SnapshotReader] = []
    /// The others, by name.
    package private(set) var unusable: [UnusableRun] = []

    /// Reads the summaries.
    ///
    /// - Throws: `FileError` if the directory is missing or cannot be read.
    package init(in directory: OutputDirectory, now: Timestamp) throws {
        self.directory = directory
        guard FileSystem.exists(directory.path) else {
            throw FileError(
                .unreadable, path: directory.path,
                saying: "there is no directory \(directory.path); a run makes it: viber-rollcall SOURCE --output-dir "
                    + directory.path)
        }
        let names = try FileSystem.list(directory.path)
        let whole = Set(names)
        for name in names {
            guard let id = RunID(directoryName: name) else { continue }
            let path = directory.path + "/" + name
            do {
                let snapshot = try SnapshotReader(path)
                let run = snapshot.summary.run
                let isSecondForm = name != id.description && whole.contains(id.description)
                guard let fault = UnusableRun.Fault(run, in: id, isSecondForm: isSecondForm, now: now) else {
                    snapshots.append(snapshot)
                    continue
                }
                let start = max(run.startedAt, id.startedAt ?? run.startedAt)
                unusable.append(UnusableRun(path: path, fault: fault, startedAt: start))
            } catch  where error is DamagedSnapshot || error is FileError {
                // Both have words of their own. What has no time in its name may be of any time.
                let fault = UnusableRun.Fault.damaged(String(describing: error))
                unusable.append(UnusableRun(path: path, fault: fault, startedAt: id.startedAt ?? now))
            }
        }
        snapshots.sort { $0.summary.run.isEarlier(than: $1.summary.run) }
    }

    /// What a person should know of runs that are left out, in sentences.
    package var warnings: [String] { unusable.map(\.note) }

    /// Runs that started in the future.
    package var future: [RunID] {
        unusable.compactMap { run in
            guard case .startedInTheFuture = run.fault else { return nil }
            return RunID(directoryName: FilePaths.name(of: run.path))
        }
    }

    /// The newest run, successful or not.
    package var newest: SnapshotReader? { snapshots.last }

    /// The newest successful run.
    package var latest: SnapshotReader? { snapshots.last { $0.summary.run.exitCode == 0 } }

    /// The successful run before another, of the same account and source.
    package func earlier(than later: SnapshotReader) -> SnapshotReader? {
        snapshots.last { candidate in
            candidate.summary.run.exitCode == 0
                && candidate.summary.run.isEarlier(than: later.summary.run)
                && candidate.summary.hasSameSource(as: later.summary)
                && candidate.summary.hasSameAccount(as: later.summary)
        }
    }

    /// Finds a snapshot by the name that a person gives it: a run id, `latest`, `previous` (the successful run before the
    /// latest), a day such as 2026-11-21 (the newest run that began on it, UTC), or a path.
    ///
    /// Throws `NoSuchRun`, and `FileError` and `DamagedSnapshot` of a path.
    package func named(_ name: String) throws -> SnapshotReader {
        switch name {
        case "latest":
            guard let latest else { throw NoSuchRun("there is no successful run", runs: self) }
            return latest
        case "previous":
            guard let latest, let previous = earlier(than: latest) else {
                throw NoSuchRun("there is no successful run before the latest one", runs: self)
            }
            return previous
        default: break
        }
        if let id = RunID(directoryName: name), let found = snapshots.last(where: { $0.summary.run.id == id }) {
            return found
        }
        if let id = RunID(directoryName: name), let run = unusable(id) {
            if run.isDamaged { throw DamagedSnapshot(run.objection) }
            throw NoSuchRun(run.note, runs: self)
        }
        if name.wholeMatch(of: /\d{4}-\d{2}-\d{2}/) != nil {
            guard let found = snapshots.last(where: { $0.summary.run.startedAt.seconds.hasPrefix(name) }) else {
                throw NoSuchRun("no run began on \(name)", runs: self)
            }
            return found
        }
        guard name.contains("/") || FileSystem.isDirectory(name) else {
            throw NoSuchRun("there is no run '\(SanitizedText(name))'", runs: self)
        }
        return try SnapshotReader(name)
    }

    private func unusable(_ id: RunID) -> UnusableRun? {
        unusable.last { RunID(directoryName: FilePaths.name(of: $0.path)) == id }
    }

    /// The newest successful run of a source.
    package static func lastSuccessful(
        of source: RunSummary.Source,
        in directory: OutputDirectory,
        now: Timestamp
    ) throws -> SnapshotReader? {
        try newest(in: directory, now: now) { $0.run.exitCode == 0 && $0.source.isSame(as: source) }
    }

    /// The newest run that is as `isWanted` says; snapshots that cannot be read, or do not stand under their own name, are
    /// passed over.
    ///
    /// Reads no more summaries than it has to. Runs that started more than five minutes after `now` are passed over: their
    /// clock was wrong.
    package static func newest(
        in directory: OutputDirectory,
        now: Timestamp,
        where isWanted: (RunSummary) -> Bool
    ) throws -> SnapshotReader? {
        guard FileSystem.exists(directory.path) else { return nil }
        for name in try FileSystem.list(directory.path).reversed() {
            guard let id = RunID(directoryName: name), let snapshot = try? SnapshotReader(directory.path + "/" + name),
                UnusableRun.Fault(snapshot.summary.run, in: id, isSecondForm: false, now: now) == nil,
                isWanted(snapshot.summary)
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
