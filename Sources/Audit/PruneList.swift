import Files
import Formats
package import Model
package import Snapshots

/// Ids that have been unavailable long enough to be removed from a list. This only lists them; it removes nothing.
package struct PruneList: Sendable {
    /// The limits within which a list is safe.
    package struct Rules: Sendable {
        /// Minimum number of successful runs in each of which an id is unavailable.
        package var runs: Int
        /// Minimum number of days between the first and the last of them.
        package var days: Int
        /// Maximum rise of the unavailable share from one of them to the next, in percentage points. A fault of the
        /// account makes all subscribers look unavailable.
        package var maxJump: Double
        /// Maximum percentage by which the list may shrink from one to the next. A truncated export shrinks it.
        package var maxListShrink: Double
        /// Maximum percentage of the ids that may be listed. With a wrong column, all of them are unavailable.
        package var maxListed: Double

        package init(runs: Int, days: Int, maxJump: Double, maxListShrink: Double, maxListed: Double) {
            self.runs = runs
            self.days = days
            self.maxJump = maxJump
            self.maxListShrink = maxListShrink
            self.maxListed = maxListed
        }
    }

    /// An id, and since when it has been unavailable.
    package struct Entry: Sendable, Equatable {
        package var id: [UInt8]
        package var firstUnavailableAt: Timestamp
        /// Number of runs that found it unavailable since a run last found it otherwise.
        package var runs: Int
    }

    /// In the order of the newest run.
    package private(set) var entries: [Entry] = []
    /// Warnings for the user, one sentence each.
    package private(set) var warnings: [String] = []

    /// Reads the rows of the window, then of older runs, until they no longer move a `firstUnavailableAt` back.
    ///
    /// - Parameters:
    ///   - runs: the runs that can be relied on according to their summaries, oldest first.
    ///   - unusable: the other runs of the directory.
    ///   - rules: the limits within which a list is safe.
    /// - Throws: `PruneRefusal` if the runs do not meet the rules, `DamagedSnapshot` if a run that is needed is
    ///   damaged, and what else reading rows throws.
    package init(from runs: [AuditedRun], unusable: [UnusableRun], rules: Rules) throws {
        let window = try PruneWindow(runs.map(\.summary), unusable: unusable, rules: rules)
        var streaks = Streaks()
        for index in window.counting { try streaks.require(runs[index]) }
        for index in window.others { try streaks.excludeReachable(in: runs[index]) }
        let listed = streaks.listed
        let unique = runs[window.counting[0]].summary.source.unique
        let share = Share.percent(listed.count, of: unique)
        guard share <= rules.maxListed else {
            throw PruneRefusal(
                "\(listed.count.grouped) of \(unique.counted("id")) (\(DecimalText.text(share, digits: 1)) %) would be listed, more than "
                    + "--max-listed allows; were the ids read from the right column, with the token of their bot?")
        }
        for index in window.older where try !streaks.extend(into: runs[index], &warnings) { break }
        entries = listed.map { streaks.entry($0) }
    }
}

/// Since when each id has been unavailable without interruption. Runs are read from the newest into the past.
private struct Streaks {
    private var ids = IDTable()
    private var since: [Timestamp] = []
    private var runs: [Int] = []
    /// Number of runs read before the streak of the id ended.
    private var length: [Int] = []
    private var isExcluded: [Bool] = []
    private var runsRead = 0

    /// The numbers of the ids that every required run found unavailable, and no run found reachable.
    var listed: [Int] { (0..<ids.count).filter { length[$0] == runsRead && !isExcluded[$0] } }

    func entry(_ number: Int) -> PruneList.Entry {
        PruneList.Entry(id: Array(ids[number]), firstUnavailableAt: since[number], runs: runs[number])
    }

    /// Reads a run that must find an id unavailable for it to be listed.
    mutating func require(_ run: AuditedRun) throws {
        let isNewest = runsRead == 0
        try run.rows { id, outcome in
            if let time = outcome.unavailableAt {
                if isNewest, ids.insert(id).isInserted {
                    since.append(time)
                    runs.append(0)
                    length.append(0)
                    isExcluded.append(false)
                }
                if let number = ids.index(of: id) { lengthen(number, time) }
            } else if outcome.kind.isReachable, let number = ids.index(of: id) {
                isExcluded[number] = true
            }
        }
        runsRead += 1
    }

    private mutating func lengthen(_ number: Int, _ time: Timestamp) {
        guard length[number] == runsRead else { return }
        length[number] += 1
        runs[number] += 1
        since[number] = time
    }

    /// Reads a run that does not count: it can only exclude ids.
    mutating func excludeReachable(in run: AuditedRun) throws {
        try run.rows { id, outcome in
            if outcome.kind.isReachable, let number = ids.index(of: id) { isExcluded[number] = true }
        }
    }

    /// Reads a run from before the window. An id without a definite answer there may have been unavailable, so its
    /// streak goes on.
    ///
    /// - Returns: false if every streak has ended, so no older run need be read.
    mutating func extend(into run: AuditedRun, _ warnings: inout [String]) throws -> Bool {
        var longer = self
        do {
            try run.rows { id, outcome in
                guard let number = ids.index(of: id) else { return }
                if let time = outcome.unavailableAt {
                    longer.lengthen(number, time)
                } else if !outcome.isDefinite, longer.length[number] == runsRead {
                    longer.length[number] += 1
                }
            }
        } catch  where error is DamagedSnapshot || error is GzipError {
            // Both types describe themselves.
            let reason = String(describing: error)
            warnings.append("\(run.summary.run.id): \(reason); first_unavailable_at ignores this run and older ones")
            return false
        }
        longer.runsRead += 1
        self = longer
        return length.contains(runsRead)
    }
}

extension Outcome {
    /// When the id was found to be unavailable; nil if it was not.
    fileprivate var unavailableAt: Timestamp? {
        guard case .answered(let answer) = self, answer.status == .unavailable else { return nil }
        return answer.checkedAt
    }
}

extension PruneList.Entry {
    package static let columns = ["id", "first_unavailable_at", "runs"]

    /// One value for each of `columns`.
    package var values: [RowEncoder.Value] { [.bytes(id[...]), .text(firstUnavailableAt.text), .number(runs)] }
}

/// The reason for which no list is written.
package struct PruneRefusal: Error, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ reason: String) { description = "no prune list: " + reason }
}
