import Files
import Formats
package import Model

/// The snapshots in an output directory, oldest first, and the names that users can give for them.
package struct PublishedRuns: Sendable {
    private let directory: OutputDirectory
    /// The snapshots that decisions can be based on, according to their summaries.
    package private(set) var snapshots: [SnapshotReader] = []
    /// The other snapshots, sorted by name.
    package private(set) var unusable: [UnusableRun] = []

    /// Reads the summaries.
    ///
    /// - Throws: `FileError` if the directory is missing or cannot be read.
    package init(in directory: OutputDirectory, now: Timestamp) throws {
        self.directory = directory
        guard FileSystem.exists(directory.path) else {
            throw FileError(
                .unreadable, path: directory.path,
                description: "there is no directory \(directory.path); a run makes it: viber-rollcall SOURCE "
                    + "--output-dir \(directory.path)")
        }
        let names = try FileSystem.list(directory.path)
        let existing = Set(names)
        for name in names {
            guard let id = RunID(directoryName: name) else { continue }
            let path = directory.path + "/" + name
            do {
                let snapshot = try SnapshotReader(path)
                let run = snapshot.summary.run
                let isDuplicate = name != id.description && existing.contains(id.description)
                guard let fault = UnusableRun.Fault(run, in: id, isIncompleteDuplicate: isDuplicate, now: now) else {
                    snapshots.append(snapshot)
                    continue
                }
                let start = max(run.startedAt, id.startedAt ?? run.startedAt)
                unusable.append(UnusableRun(path: path, fault: fault, startedAt: start))
            } catch  where error is DamagedSnapshot || error is FileError {
                // Both types have a description for users. A run without a time in its name may be as new as `now`.
                let fault = UnusableRun.Fault.damaged(String(describing: error))
                unusable.append(UnusableRun(path: path, fault: fault, startedAt: id.startedAt ?? now))
            }
        }
        snapshots.sort { $0.summary.run.isEarlier(than: $1.summary.run) }
    }

    /// Warnings about runs that are left out, one sentence each.
    package var warnings: [String] { unusable.map(\.warning) }

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

    /// Finds a snapshot by a name given by the user.
    ///
    /// - Parameter name: a run id, `latest`, `previous` (the successful run before the latest), a day such as
    ///   2026-11-21 (the newest run that started on it, UTC), or a path.
    /// - Returns: the snapshot.
    /// - Throws: `NoSuchRun`; for a path also `FileError` and `DamagedSnapshot`.
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
            if run.isDamaged { throw DamagedSnapshot(run.errorMessage) }
            throw NoSuchRun(run.warning, runs: self)
        }
        if name.wholeMatch(of: /\d{4}-\d{2}-\d{2}/) != nil {
            guard let found = snapshots.last(where: { $0.summary.run.startedAt.seconds.hasPrefix(name) }) else {
                throw NoSuchRun("no run started on \(name)", runs: self)
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

    /// The newest run that satisfies `isWanted`.
    ///
    /// Skips snapshots that cannot be read or have the name of another run, and runs that started more than five
    /// minutes after `now`, since their clock was wrong. Reads only as many summaries as necessary.
    package static func newest(
        in directory: OutputDirectory,
        now: Timestamp,
        where isWanted: (RunSummary) -> Bool
    ) throws -> SnapshotReader? {
        guard FileSystem.exists(directory.path) else { return nil }
        for name in try FileSystem.list(directory.path).reversed() {
            guard let id = RunID(directoryName: name), let snapshot = try? SnapshotReader(directory.path + "/" + name),
                UnusableRun.Fault(snapshot.summary.run, in: id, isIncompleteDuplicate: false, now: now) == nil,
                isWanted(snapshot.summary)
            else { continue }
            return snapshot
        }
        return nil
    }

    fileprivate var description: String {
        guard let first = snapshots.first, let last = snapshots.last else {
            return "no run has left a snapshot in \(directory.path) yet; create one: viber-rollcall SOURCE"
        }
        return "\(directory.path) has \(snapshots.count) from \(first.summary.run.id) to \(last.summary.run.id)"
    }
}

/// A run that the user named, or that a command needs, does not exist.
package struct NoSuchRun: Error, CustomStringConvertible {
    package let description: String

    package init(_ what: String, runs: PublishedRuns) { description = what + "; " + runs.description }
}
