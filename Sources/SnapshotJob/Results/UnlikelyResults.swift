import Files
import Formats
import Journal
import Model
import Snapshots
import Subscribers

/// A warning about a result that is implausible for a list of subscribers. The cause may be the wrong column, the wrong
/// token, or a partial list.
struct UnlikelyResult: Sendable {
    /// A sentence for the user.
    var text: String
    /// Whether it is printed even with `--quiet`.
    var isPrintedQuietly = true
}

extension SnapshotJob {
    /// Checks the answers of a run for implausible results.
    ///
    /// - Parameters:
    ///   - summary: the summary of the run.
    ///   - answers: its answers.
    /// - Returns: a warning for each implausible result.
    /// - Throws: `FileError` if the ids, the answers or the output directory cannot be read.
    func unlikelyResults(_ summary: RunSummary, _ answers: AnswerFile) async throws -> [UnlikelyResult] {
        guard summary.source.unique > 0 else { return [] }
        let spoolPath = settings.output.work.run(summary.run.id).spool
        var results: [UnlikelyResult] = []
        let (output, now) = (settings.output, environment.now())
        let found = try await onBlockingThread {
            (
                unreachable: try Self.unreachable(spoolPath: spoolPath, answers: answers),
                disjointRun: try Self.runWithoutCommonID(summary, spoolPath: spoolPath, in: output, now: now)
            )
        }
        if let count = found.unreachable {
            results.append(
                UnlikelyResult(
                    text:
                        "no id is reachable: \(count == 1 ? "the one id" : "all \(count.counted("id"))") with an answer "
                        + "\(count == 1 ? "is" : "are") unavailable. The ids may come from another column, or belong to "
                        + "another bot: each bot has its own ids"))
        }
        if let text = viberCount(summary) { results.append(UnlikelyResult(text: text, isPrintedQuietly: false)) }
        if let run = found.disjointRun {
            results.append(
                UnlikelyResult(
                    text:
                        "every id of \(summary.source.name) is new since the last successful run (\(run)); this may be "
                        + "another list, or another column of it"))
        }
        return results
    }

    /// Counts the ids with a definite answer if none of them is reachable.
    ///
    /// - Returns: the number of ids; nil if one is reachable, or none has a definite answer.
    private static func unreachable(spoolPath: String, answers: AnswerFile) throws -> Int? {
        var cursor = try SpoolCursor(spoolPath: spoolPath, answers: answers)
        var unavailable = 0
        while try cursor.next() {
            guard case .answered(let answer) = cursor.entry.outcome, answer.status.isDefinite else { continue }
            guard answer.status == .unavailable else { return nil }
            unavailable += 1
        }
        return unavailable > 0 ? unavailable : nil
    }

    /// Compares the list with Viber's own count of subscribers, which may count more than the list.
    ///
    /// - Returns: a warning if one is at least three times the other.
    private func viberCount(_ summary: RunSummary) -> String? {
        let unique = summary.source.unique
        guard settings.source.options.query == nil, unique >= 100, let count = summary.account?.subscribersCount,
            count >= 0, count <= RunSummary.plausible.upperBound, unique >= count * 3 || unique * 3 <= count
        else { return nil }
        return
            "\(summary.source.name) has \(unique.counted("id")), and Viber counts \(count.counted("subscriber")) of this account; "
            + (unique > count ? "the list may cover more than one bot, or be old" : "part of the list may be missing")
    }

    /// Compares this run with the last successful run of the same source and account.
    ///
    /// - Returns: that run if the two have no id in common.
    private static func runWithoutCommonID(
        _ summary: RunSummary,
        spoolPath: String,
        in output: OutputDirectory,
        now: Timestamp
    ) throws -> RunID? {
        guard
            let last = try PublishedRuns.lastSuccessful(of: summary.source, in: output, now: now),
            last.summary.hasSameAccount(as: summary), last.summary.source.unique > 0,
            last.summary.run.id != summary.run.id
        else { return nil }
        // One of the first ids is nearly always still in the list, so that the rest need not be read.
        guard let sample = ids(of: last, limit: 1_000), try !contains(sample, spoolPath: spoolPath) else { return nil }
        guard last.summary.source.unique > sample.count else { return last.summary.run.id }
        guard let all = ids(of: last, limit: .max), try !contains(all, spoolPath: spoolPath) else { return nil }
        return last.summary.run.id
    }

    /// Reads the first `limit` ids of a snapshot.
    ///
    /// - Returns: the ids; nil if the snapshot cannot be read.
    private static func ids(of snapshot: SnapshotReader, limit: Int) -> IDTable? {
        var ids = IDTable()
        do {
            try snapshot.rows { id, _ in
                _ = ids.insert(id)
                if ids.count >= limit { throw EnoughIDs() }
            }
        } catch is EnoughIDs {
            return ids
        } catch {
            return nil
        }
        return ids
    }

    private static func contains(_ ids: IDTable, spoolPath: String) throws -> Bool {
        var spool = try SpoolReader(InputFile(opening: spoolPath), name: spoolPath)
        while try spool.next() { if ids.index(of: spool.current) != nil { return true } }
        return false
    }
}

/// Thrown to stop reading rows.
private struct EnoughIDs: Error {}

extension JobSettings {
    /// Compares the source with its last successful run.
    ///
    /// - Parameters:
    ///   - source: the source of this run.
    ///   - time: the current time.
    /// - Throws: `SourceError.shrank` if the source lost more than `maxShrink` percent of its ids since that run;
    ///   `FileError` if the output directory cannot be read.
    func checkShrinking(_ source: RunSummary.Source, at time: Timestamp) throws {
        guard maxShrink < 100,
            let last = try PublishedRuns.lastSuccessful(of: source, in: output, now: time)?.summary
        else { return }
        let fewest = Double(last.source.unique) * (1 - maxShrink / 100)
        guard Double(source.unique) < fewest else { return }
        throw SourceError.shrank(
            to: source.unique, from: last.source.unique, run: last.run.id.description, allowed: maxShrink,
            name: source.name)
    }
}
