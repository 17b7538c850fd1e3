import Files
import Formats
import Journal
import Model
import Snapshots
import Subscribers

/// A result that no list of subscribers gives: the wrong column, the wrong token, or a part of the list.
struct UnlikelyResult: Sendable {
    /// A sentence for people.
    var text: String
    /// Whether `--quiet` prints it too.
    var isPrintedQuietly = true
}

extension SnapshotJob {
    /// What is unlikely about a run that has its answers.
    func unlikelyResults(_ summary: RunSummary, _ answers: AnswerFile) async throws -> [UnlikelyResult] {
        guard summary.source.unique > 0 else { return [] }
        let spoolPath = settings.output.work.run(summary.run.id).spool
        var results: [UnlikelyResult] = []
        let (output, now) = (settings.output, environment.now())
        let found = try await onBlockingThread {
            (
                unreachable: try Self.unreachable(spoolPath: spoolPath, answers: answers),
                stranger: try Self.runWithoutCommonID(summary, spoolPath: spoolPath, in: output, now: now)
            )
        }
        if let count = found.unreachable {
            results.append(
                UnlikelyResult(
                    text:
                        "no id is reachable: \(count == 1 ? "the one id" : "all \(count.counted("id"))") with an answer "
                        + "\(count == 1 ? "is" : "are") unavailable. The ids may come from another column, or be those of "
                        + "another bot: each bot has ids of its own"))
        }
        if let text = viberCount(summary) { results.append(UnlikelyResult(text: text, isPrintedQuietly: false)) }
        if let run = found.stranger {
            results.append(
                UnlikelyResult(
                    text:
                        "every id of \(summary.source.name) is new since the last successful run (\(run)); the list may be "
                        + "another one, or be read by another column"))
        }
        return results
    }

    /// How many ids have a definite answer if none of them is reachable; nil if one is, or none has an answer.
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

    /// The list beside Viber's own count of subscribers, which counts other things too.
    private func viberCount(_ summary: RunSummary) -> String? {
        let unique = summary.source.unique
        guard settings.source.options.query == nil, unique >= 100, let count = summary.account?.subscribersCount,
            count >= 0, count <= RunSummary.plausible.upperBound, unique >= count * 3 || unique * 3 <= count
        else { return nil }
        return
            "\(summary.source.name) has \(unique.counted("id")), and Viber counts \(count.counted("subscriber")) of this account; "
            + (unique > count ? "the list may be of more than one bot, or old" : "a part of the list may be missing")
    }

    /// The last successful run of the same source and account, if it has no id in common with this one.
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
        // Nearly always one of the first ids is still there.
        guard let sample = ids(of: last, limit: 1_000), try !contains(sample, spoolPath: spoolPath) else { return nil }
        guard last.summary.source.unique > sample.count else { return last.summary.run.id }
        guard let all = ids(of: last, limit: .max), try !contains(all, spoolPath: spoolPath) else { return nil }
        return last.summary.run.id
    }

    /// The first ids of a snapshot; nil if it cannot be read.
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
        while try spool.next() { if ids.number(of: spool.current) != nil { return true } }
        return false
    }
}

/// Ends a walk over rows.
private struct EnoughIDs: Error {}

extension JobSettings {
    /// - Throws: `SourceError.shrank` if the source has fewer ids, by more than `maxShrink` percent, than in its last
    ///   successful run.
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
