import Files
package import Journal
package import Model

/// The directory that snapshots go to, and the names in it.
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

    /// Where runs keep what they need until their snapshots are published.
    package var work: WorkDirectory { WorkDirectory(in: path) }

    /// Where the snapshot of a run stands, by how the run ended.
    package func published(_ run: RunSummary.Run) -> String { published(run.id, isWhole: run.exitCode == 0) }

    package func published(_ run: RunID, isWhole: Bool) -> String {
        path + "/" + run.description + (isWhole ? "" : RunID.incompleteSuffix)
    }

    /// What a person should know of runs that started in the future, in sentences.
    package func futureRuns(now: Timestamp) throws -> [String] {
        try FileSystem.list(path).compactMap { name in
            guard let started = RunID(directoryName: name)?.startedAt, started.isInTheFuture(at: now) else {
                return nil
            }
            return UnusableRun(path: path + "/" + name, fault: .startedInTheFuture(started), startedAt: started).note
        }
    }

    /// Whether a published run started in the second of `time`.
    package func hasRun(startedInSecondOf time: Timestamp) throws -> Bool {
        try FileSystem.list(path).contains { name in
            name.hasPrefix(time.stamp) && RunID(directoryName: name) != nil
        }
    }

    /// The runs that have a snapshot, newest first; with both its forms a run counts by the whole one.
    private func runs() throws -> [(run: RunID, isWhole: Bool)] {
        var found: [RunID: Bool] = [:]
        for name in try FileSystem.list(path) {
            guard let run = RunID(directoryName: name) else { continue }
            found[run] = found[run] ?? false || name == run.description
        }
        return found.map { ($0.key, $0.value) }.sorted { $0.run.description > $1.run.description }
    }

    /// The summary of a snapshot that stands under its own name and did not start in the future.
    private func summary(of run: RunID, isWhole: Bool, now: Timestamp) -> RunSummary? {
        let path = published(run, isWhole: isWhole)
        guard FileStatus(at: path)?.kind == .directory, let summary = try? SnapshotReader(path).summary,
            summary.run.id == run, (summary.run.exitCode == 0) == isWhole, !summary.run.isInTheFuture(at: now)
        else { return nil }
        return summary
    }

    /// The runs of which a history does not tell, oldest first. What cannot be read is passed over.
    package func summaries(notIn known: Set<RunID>, now: Timestamp) throws -> [RunSummary] {
        try runs().reversed().filter { !known.contains($0.run) }
            .compactMap { summary(of: $0.run, isWhole: $0.isWhole, now: now) }
    }

    /// The successful run that started last; nil if there is none.
    package func newestSuccessful(now: Timestamp) throws -> RunID? {
        try runs().first { $0.isWhole && summary(of: $0.run, isWhole: true, now: now) != nil }?.run
    }
}

/// The link that leads to the newest successful run.
extension OutputDirectory {
    /// Why `latest` is not this program's to change, in a sentence; nil if it is.
    package var foreignLatest: String? {
        guard let status = FileStatus(at: latest) else { return nil }
        let destination = FileSystem.destination(of: latest)
        if let destination, isRunHere(destination) { return nil }
        let what = destination.map { "a link to \($0)" } ?? status.noun
        return
            "\(latest) is \(what), and not the link of this program: it is left as it is. Move it away: the next run "
            + "makes the link"
    }

    /// Makes a link and removes it, to see whether the file system has links. For whoever holds the lock of the work.
    ///
    /// - Returns: why no link can be made, in a sentence; nil if one can.
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
        return "\(latest) cannot be made: \(reason). Without it the commands still know the newest run as 'latest'"
    }

    /// Whether a link leads to the name of a run in this directory; the run need not be there any more.
    private func isRunHere(_ destination: String) -> Bool {
        guard let run = RunID(directoryName: FilePaths.name(of: destination))?.description else { return false }
        let place = destination.hasPrefix("/") ? destination : path + "/" + destination
        return FilePaths.absolute(place) == FilePaths.absolute(path + "/" + run)
    }

    /// Points `latest` at the successful run that started last. For who holds the lock of the work.
    ///
    /// - Parameters:
    ///   - run: the one that was published last: it counts as later than others that started in the same second.
    ///   - now: runs that started long after it do not count.
    /// - Throws: `FileError` if that cannot be done.
    package func linkLatest(after run: RunID, now: Timestamp) throws {
        guard var newest = try newestSuccessful(now: now) else { return }
        if newest.startedAt == run.startedAt, summary(of: run, isWhole: true, now: now) != nil { newest = run }
        let run = newest.description
        guard FileSystem.destination(of: latest) != run else { return }
        do {
            try FileSystem.replaceLink(latest, target: run, through: work.latest)
        } catch let error as FileError {
            throw FileError(error.kind, path: latest, saying: withoutLink(error))
        }
    }
}

extension RunSummary.Run {
    /// Whether the run started before another one.
    package func isEarlier(than other: RunSummary.Run) -> Bool {
        (startedAt, id.description) < (other.startedAt, other.id.description)
    }

    /// Whether the run started in the future, as seen from a moment.
    package func isInTheFuture(at now: Timestamp) -> Bool { startedAt.isInTheFuture(at: now) }
}
