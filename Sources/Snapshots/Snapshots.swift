import Files
package import Journal
package import Model

/// The directory for snapshots, and the names in it.
package struct OutputDirectory: Sendable {
    package let path: String

    package init(_ path: String) { self.path = path }

    package var latest: String { path + "/latest" }
    package var history: String { path + "/history.csv" }

    /// Names that only runs write.
    package static let reservedNames =
        Set(SnapshotFile.allCases.map(\.rawValue)).union([
            "latest", "history.csv", "history.sqlite", ".lock", "last-exit.json",
        ])

    /// The directory for the files of unfinished runs.
    package var work: WorkDirectory { WorkDirectory(in: path) }

    /// The path of a run's snapshot. It depends on whether the run was successful.
    package func published(_ run: RunSummary.Run) -> String { published(run.id, isWhole: run.exitCode == 0) }

    package func published(_ run: RunID, isWhole: Bool) -> String {
        path + "/" + run.description + (isWhole ? "" : RunID.incompleteSuffix)
    }

    /// Warnings about runs that started in the future, one sentence each.
    package func futureRuns(now: Timestamp) throws -> [String] {
        try FileSystem.list(path).compactMap { name in
            guard let started = RunID(directoryName: name)?.startedAt, started.isInTheFuture(at: now) else {
                return nil
            }
            return UnusableRun(path: path + "/" + name, fault: .startedInTheFuture(started), startedAt: started).warning
        }
    }

    /// Whether a published run started in the second of `time`.
    package func hasRun(startedInSecondOf time: Timestamp) throws -> Bool {
        try FileSystem.list(path).contains { name in
            name.hasPrefix(time.stamp) && RunID(directoryName: name) != nil
        }
    }

    /// The runs that have a snapshot, newest first. If a run has both forms, the whole one counts.
    private func runs() throws -> [(run: RunID, isWhole: Bool)] {
        var runs: [RunID: Bool] = [:]
        for name in try FileSystem.list(path) {
            guard let run = RunID(directoryName: name) else { continue }
            runs[run] = runs[run] ?? false || name == run.description
        }
        return runs.map { ($0.key, $0.value) }.sorted { $0.run.description > $1.run.description }
    }

    /// The summary of a snapshot; nil if it cannot be read, has the name of another run, or started in the future.
    private func summary(of run: RunID, isWhole: Bool, now: Timestamp) -> RunSummary? {
        let path = published(run, isWhole: isWhole)
        guard FileStatus(at: path)?.kind == .directory, let summary = try? SnapshotReader(path).summary,
            summary.run.id == run, (summary.run.exitCode == 0) == isWhole, !summary.run.isInTheFuture(at: now)
        else { return nil }
        return summary
    }

    /// The summaries of the runs that are not in `known`, oldest first. Snapshots that cannot be read are skipped.
    package func summaries(notIn known: Set<RunID>, now: Timestamp) throws -> [RunSummary] {
        try runs().reversed().filter { !known.contains($0.run) }
            .compactMap { summary(of: $0.run, isWhole: $0.isWhole, now: now) }
    }

    /// The successful run that started last; nil if there is none.
    package func newestSuccessful(now: Timestamp) throws -> RunID? {
        try runs().first { $0.isWhole && summary(of: $0.run, isWhole: true, now: now) != nil }?.run
    }
}

/// The link to the newest successful run.
extension OutputDirectory {
    /// Why this program must not change `latest`, as a sentence; nil if it may.
    package var foreignLatest: String? {
        guard let status = FileStatus(at: latest) else { return nil }
        let destination = FileSystem.destination(of: latest)
        if let destination, isRunHere(destination) { return nil }
        let what = destination.map { "a link to \($0)" } ?? status.noun
        return
            "\(latest) is \(what), not the link of this program: it is left as it is. Move it away, and the next run "
            + "makes the link"
    }

    /// Checks whether the file system supports links, by making one and removing it. Call it only with the lock held.
    ///
    /// - Returns: why no link can be made, as a sentence; nil if one can.
    package func reasonForNoLinks() -> String? {
        do {
            try FileSystem.makeLink(work.latest, target: "a trial")
            try FileSystem.removeFile(work.latest)
            return nil
        } catch let error as FileError {
            return withoutLink(error)
        } catch {
            return nil
        }
    }

    private func withoutLink(_ error: FileError) -> String {
        let reason = error.description.split(separator: ": ").last ?? ""
        return "\(latest) cannot be made: \(reason). The commands still accept 'latest' for the newest run"
    }

    /// Whether a link's target is the name of a run in this directory; the run may no longer exist.
    private func isRunHere(_ destination: String) -> Bool {
        guard let run = RunID(directoryName: FilePaths.name(of: destination))?.description else { return false }
        let target = destination.hasPrefix("/") ? destination : path + "/" + destination
        return FilePaths.absolute(target) == FilePaths.absolute(path + "/" + run)
    }

    /// Points `latest` at the successful run that started last. Call it only with the lock held.
    ///
    /// - Parameters:
    ///   - run: the run published last: it counts as later than others that started in the same second.
    ///   - now: the current time; runs that started in the future do not count.
    /// - Throws: `FileError` if the link cannot be made.
    package func linkLatest(after run: RunID, now: Timestamp) throws {
        guard var newest = try newestSuccessful(now: now) else { return }
        if newest.startedAt == run.startedAt, summary(of: run, isWhole: true, now: now) != nil { newest = run }
        let run = newest.description
        guard FileSystem.destination(of: latest) != run else { return }
        do {
            try FileSystem.replaceLink(latest, target: run, through: work.latest)
        } catch let error as FileError {
            throw FileError(error.kind, path: latest, description: withoutLink(error))
        }
    }
}

extension RunSummary.Run {
    /// Whether the run started before another one.
    package func isEarlier(than other: RunSummary.Run) -> Bool {
        (startedAt, id.description) < (other.startedAt, other.id.description)
    }

    /// Whether the run started in the future, seen from `now`.
    package func isInTheFuture(at now: Timestamp) -> Bool { startedAt.isInTheFuture(at: now) }
}
