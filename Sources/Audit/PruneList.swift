import Formats
package import Model

/// Ids that have been unavailable for so long that they may be dropped from a list. Nothing is dropped here.
package struct PruneList: Sendable {
    /// When it is safe to speak of dropping.
    package struct Rules: Sendable {
        /// The least complete runs in a row in which an id is unavailable.
        package var runs: Int
        /// The least days between the first and the last of them.
        package var days: Int
        /// The most points by which the share of unavailable ids may rise from one of them to the next. A fault of the
        /// account looks like everybody leaving.
        package var maxJump: Double
        /// The most percent by which the source may shrink from one to the next. A cut export looks like this.
        package var maxShrink: Double

        package init(runs: Int, days: Int, maxJump: Double, maxShrink: Double) {
            self.runs = runs
            self.days = days
            self.maxJump = maxJump
            self.maxShrink = maxShrink
        }
    }

    /// An id and since when it is unavailable.
    package struct Entry: Sendable, Equatable {
        package var id: [UInt8]
        package var firstUnavailableAt: Timestamp
        /// Complete runs in a row, up to the newest, that found it so.
        package var runs: Int
    }

    /// In the order of the newest run.
    package private(set) var entries: [Entry] = []
    /// The complete runs in all of which the ids are unavailable, oldest first.
    package let window: [RunSummary]

    /// `runs`: all that there are, oldest first.
    /// Throws `PruneRefusal` if the runs do not bear it, and what reading rows throws.
    package init(from runs: [AuditedRun], rules: Rules) throws {
        guard let newest = runs.last else { throw PruneRefusal("there is no run") }
        guard newest.summary.run.complete else {
            throw PruneRefusal(
                "the newest run, \(newest.summary.run.id), is incomplete: "
                    + "\(newest.summary.counts.unresolved.of("id")) without a definite answer")
        }
        // Newest first from here on.
        let ofSource = runs.reversed().filter { $0.summary.run.complete && $0.summary.hasSource(of: newest.summary) }
        let count = try Self.windowLength(ofSource.map(\.summary), rules: rules)
        window = ofSource.prefix(count).map(\.summary).reversed()
        try Self.check(window, rules: rules)
        try collect(ofSource, least: count)
    }

    /// How many of the newest runs are enough and reach back far enough.
    private static func windowLength(_ runs: [RunSummary], rules: Rules) throws -> Int {
        guard runs.count >= rules.runs else {
            throw PruneRefusal(
                "there \(runs.count == 1 ? "is" : "are") \(runs.count.of("complete run")) of this source, "
                    + "and --runs wants \(rules.runs)")
        }
        func days(_ run: RunSummary) -> Double {
            Double(runs[0].run.startedAt.milliseconds(since: run.run.startedAt)) / 86_400_000
        }
        guard let end = runs.indices.first(where: { $0 + 1 >= rules.runs && days(runs[$0]) >= Double(rules.days) })
        else {
            let reach = runs.last.map { Decimal.text(days($0), digits: 1) } ?? "0"
            throw PruneRefusal(
                "the complete runs of this source reach back \(reach) days, and --days wants \(rules.days)")
        }
        return end + 1
    }

    /// `window`: oldest first.
    private static func check(_ window: [RunSummary], rules: Rules) throws(PruneRefusal) {
        for (earlier, later) in zip(window, window.dropFirst()) {
            let pair = "from run \(earlier.run.id) to run \(later.run.id)"
            guard earlier.hasAccount(of: later) else {
                let ids = [earlier, later].map { SafeText($0.account?.id ?? "").description }
                throw PruneRefusal("the account changed \(pair): \(ids[0]), then \(ids[1])")
            }
            let lost = -Share.percent(later.source.unique - earlier.source.unique, of: earlier.source.unique)
            if lost > rules.maxShrink {
                throw PruneRefusal(
                    "the source shrank by \(Decimal.text(lost, digits: 1)) % \(pair), more than --max-shrink allows: "
                        + "\(earlier.source.unique.grouped) ids, then \(later.source.unique.grouped)")
            }
            let shares = [earlier, later].map { Share.percent($0.counts.unavailable, of: $0.source.unique) }
            if shares[1] - shares[0] > rules.maxJump {
                throw PruneRefusal(
                    "the unavailable share rose by \(Decimal.text(shares[1] - shares[0], digits: 1)) points \(pair), "
                        + "more than --max-jump allows: \(Decimal.text(shares[0], digits: 1)) %, then "
                        + "\(Decimal.text(shares[1], digits: 1)) %; is something wrong with the account?")
            }
        }
    }

    /// Walks from the newest run into the past for as long as anybody is unavailable in each.
    private mutating func collect(_ runs: [AuditedRun], least: Int) throws {
        var ids = IDTable()
        var since: [Timestamp] = []
        /// How many runs back each id is unavailable without a break.
        var reach: [Int] = []
        for (back, run) in runs.enumerated() {
            guard run.summary.hasAccount(of: runs[0].summary) else { break }
            var found = 0
            try run.rows { id, outcome in
                guard case .answered(let answer) = outcome, answer.status == .unavailable else { return }
                if back == 0 {
                    guard ids.insert(id).isNew else { return }
                    since.append(answer.checkedAt)
                    reach.append(1)
                } else {
                    guard let number = ids.number(of: id), reach[number] == back else { return }
                    since[number] = answer.checkedAt
                    reach[number] = back + 1
                }
                found += 1
            }
            if found == 0 { break }
        }
        for number in 0..<ids.count where reach[number] >= least {
            entries.append(Entry(id: Array(ids[number]), firstUnavailableAt: since[number], runs: reach[number]))
        }
    }
}

extension PruneList.Entry {
    package static let columns = ["id", "first_unavailable_at", "runs"]

    /// One value for each of `columns`.
    package var values: [ListLines.Value] { [.bytes(id[...]), .text(firstUnavailableAt.text), .number(runs)] }
}

/// Why no list is given.
package struct PruneRefusal: Error, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ why: String) { description = "no prune list: " + why }
}
