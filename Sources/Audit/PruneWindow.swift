import Formats
import Model
import Snapshots

/// The runs that a prune list is based on: a pure function of their summaries.
///
/// A run counts if it was successful, has the source of the newest run, and its account is known. A run that does not
/// count can only remove ids from the list.
struct PruneWindow {
    /// Indexes of the runs in each of which a listed id must be unavailable, newest first.
    let counting: [Int]
    /// Indexes of the runs that do not count and had not finished when the first counting run started.
    let others: [Int]
    /// Indexes of the older runs of the same account that count, newest first.
    let older: [Int]

    /// - Parameters:
    ///   - runs: the runs that can be relied on, oldest first.
    ///   - unusable: the runs that cannot be relied on.
    ///   - rules: the limits within which a list is safe.
    /// - Throws: `PruneRefusal`, or `DamagedSnapshot` if a run that is or may be needed is damaged.
    init(_ runs: [RunSummary], unusable: [UnusableRun], rules: PruneList.Rules) throws {
        let newest = try Self.newest(of: runs, unusable)
        let all = runs.indices.reversed().filter { runs[$0].counts(with: newest) }
        let count: Int
        do throws(PruneRefusal) {
            count = try Self.length(all.map { runs[$0] }, rules: rules)
        } catch {
            // An unusable run may be one of the runs that are missing.
            if let run = unusable.worst { throw run.error(else: PruneRefusal.init) }
            throw error
        }
        counting = Array(all.prefix(count))
        older = Array(all.dropFirst(count).prefix { runs[$0].hasSameAccount(as: newest) })
        let start = runs[counting[count - 1]].run.startedAt
        let others = runs.indices.filter { runs[$0].run.finishedAt >= start && !runs[$0].counts(with: newest) }
        let before = all.dropFirst(count).first { runs[$0].hasSameAccount(as: newest) }.map { runs[$0] }
        try Self.check(unusable, since: start, before: before?.run.startedAt)
        for index in counting + others where runs[index].run.startedAt >= start {
            try Self.checkIdentity(of: runs[index], with: newest)
        }
        self.others = others.filter { runs[$0].hasSameSource(as: newest) && runs[$0].hasSameAccount(as: newest) }
        let compared = [before].compactMap(\.self) + counting.reversed().map { runs[$0] }
        for (earlier, later) in zip(compared, compared.dropFirst()) {
            try Self.check(from: earlier, to: later, rules: rules)
        }
    }

    private static func newest(of runs: [RunSummary], _ unusable: [UnusableRun]) throws -> RunSummary {
        do throws(PruneRefusal) {
            return try newest(of: runs)
        } catch {
            // An unusable run that is newer is the true newest run.
            let newer = unusable.filter { run in runs.last.map { run.startedAt >= $0.run.startedAt } ?? true }
            if let run = newer.worst { throw run.error(else: PruneRefusal.init) }
            throw error
        }
    }

    private static func newest(of runs: [RunSummary]) throws(PruneRefusal) -> RunSummary {
        guard let newest = runs.last else { throw PruneRefusal("the directory has no usable run") }
        guard newest.run.exitCode == 0 else {
            throw PruneRefusal(
                "the newest run, \(newest.run.id), is incomplete: "
                    + "\(newest.counts.unresolved.counted("id")) without a definite answer")
        }
        guard newest.account?.id != nil else {
            throw PruneRefusal("the account of the newest run, \(newest.run.id), is not known")
        }
        return newest
    }

    /// The least number of newest runs that meets both `rules.runs` and `rules.days`.
    ///
    /// - Parameters:
    ///   - runs: the runs that count, newest first.
    ///   - rules: the limits.
    /// - Returns: the number of runs.
    /// - Throws: `PruneRefusal` if there are too few runs, or they span too few days.
    private static func length(_ runs: [RunSummary], rules: PruneList.Rules) throws(PruneRefusal) -> Int {
        guard runs.count >= rules.runs else {
            throw PruneRefusal(
                "there \(runs.count == 1 ? "is" : "are") \(runs.count.counted("successful run")) of this source, "
                    + "and --runs requires \(rules.runs)")
        }
        func days(_ run: RunSummary) -> Double {
            Double(runs[0].run.startedAt.milliseconds(since: run.run.startedAt)) / 86_400_000
        }
        guard let end = runs.indices.first(where: { $0 + 1 >= rules.runs && days(runs[$0]) >= Double(rules.days) })
        else {
            let reach = runs.last.map { DecimalText.text(days($0), digits: 1) } ?? "0"
            throw PruneRefusal(
                "the successful runs of this source reach back \(reach) days, and --days requires \(rules.days)")
        }
        return end + 1
    }

    /// Checks that no unusable run may belong to the window, or be the run before it.
    private static func check(_ unusable: [UnusableRun], since first: Timestamp, before: Timestamp?) throws {
        let inReach = unusable.filter { run in
            run.startedAt >= first || run.isDamaged && before.map { run.startedAt > $0 } ?? true
        }
        if let run = inReach.worst { throw run.error(else: PruneRefusal.init) }
    }

    private static func checkIdentity(of run: RunSummary, with newest: RunSummary) throws(PruneRefusal) {
        let pair = "run \(run.run.id) is of \(SanitizedText(run.source.name))"
        guard run.hasSameSource(as: newest) else {
            throw PruneRefusal(
                "the snapshots are of more than one source: \(pair), and run \(newest.run.id) of "
                    + "\(SanitizedText(newest.source.name)), by path, table or column. "
                    + "Each source needs its own output directory")
        }
        guard run.hasSameAccount(as: newest) else {
            let ids = [run, newest].map { SanitizedText($0.account?.id ?? "").description }
            throw PruneRefusal(
                "the account changed from run \(run.run.id) to run \(newest.run.id): \(ids[0]), then \(ids[1])")
        }
    }

    private static func check(
        from earlier: RunSummary, to later: RunSummary, rules: PruneList.Rules
    ) throws(PruneRefusal) {
        let pair = "from run \(earlier.run.id) to run \(later.run.id)"
        let lost = -Share.percent(later.source.unique - earlier.source.unique, of: earlier.source.unique)
        if lost > rules.maxListShrink {
            throw PruneRefusal(
                "the source shrank by \(DecimalText.text(lost, digits: 1)) % \(pair), more than --max-list-shrink allows: "
                    + "\(earlier.source.unique.grouped) ids, then \(later.source.unique.grouped)")
        }
        let shares = [earlier, later].map { Share.percent($0.counts.unavailable, of: $0.source.unique) }
        if shares[1] - shares[0] > rules.maxJump {
            throw PruneRefusal(
                "the unavailable share rose by \(DecimalText.text(shares[1] - shares[0], digits: 1)) points \(pair), "
                    + "more than --max-jump allows: \(DecimalText.text(shares[0], digits: 1)) %, then "
                    + "\(DecimalText.text(shares[1], digits: 1)) %; is something wrong with the account?")
        }
    }
}

extension RunSummary {
    /// Whether a prune list whose newest run is `newest` may be based on this run.
    fileprivate func counts(with newest: RunSummary) -> Bool {
        run.exitCode == 0 && account?.id != nil && hasSameSource(as: newest)
    }
}
