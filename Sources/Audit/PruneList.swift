import Files
import Formats
package import Model
package import Snapshots

/// Ids that have been unavailable for so long that they may be dropped from a list. Nothing is dropped here.
package struct PruneList: Sendable {
    /// When it is safe to speak of dropping.
    package struct Rules: Sendable {
        /// Minimum number of successful runs in each of which an id is unavailable.
        package var runs: Int
        /// Minimum number of days between the first and the last of them.
        package var days: Int
        /// Maximum rise of the unavailable share from one of them to the next, in points. A fault of the account makes all
        /// subscribers look unavailable.
        package var maxJump: Double
        /// Maximum percentage by which the list may shrink from one to the next. A truncated export shrinks it.
        package var maxListShrink: Double
        /// Maximum percentage of the list that may be listed. With a wrong column, all of it is unavailable.
        package var maxListed: Double

        package init(runs: Int, days: Int, maxJump: Double, maxListShrink: Double, maxListed: Double) {
            self.runs = runs
            self.days = days
            self.maxJump = maxJump
            self.maxListShrink = maxListShrink
            self.maxListed = maxListed
        }
    }

    /// An id and since when it is unavailable.
    package struct Entry: Sendable, Equatable {
        package var id: [UInt8]
        package var firstUnavailableAt: Timestamp
        /// The runs that found it so, since it was last found otherwise.
        package var runs: Int
    }

    /// In the order of the newest run.
    package private(set) var entries: [Entry] = []
    /// What a person should know, in sentences.
    package private(set) var warnings: [String] = []

    /// Reads the rows of the window, and of older runs for as long as they tell since when the ids are unavailable.
    ///
    /// - Parameters:
    ///   - runs: those that can be relied on as far as their summaries tell, oldest first.
    ///   - unusable: the others of the directory.
    ///   - rules: when it is safe.
    /// - Throws: `PruneRefusal` if the runs do not bear it, `DamagedSnapshot` if one that is needed is damaged, and what else
    ///   reading rows throws.
    package init(from runs: [AuditedRun], unusable: [UnusableRun], rules: Rules) throws {
        let window = try PruneWindow(runs.map(\.summary), unusable: unusable, rules: rules)
        var streaks = Streaks()
        for place in window.counting { try streaks.require(runs[place]) }
        for place in window.others { try streaks.takeOffReachable(of: runs[place]) }
        let listed = streaks.left
        let unique = runs[window.counting[0]].summary.source.unique
        let share = Share.percent(listed.count, of: unique)
        guard share <= rules.maxListed else {
            throw PruneRefusal(
                "\(listed.count.grouped) of \(unique.counted("id")) (\(DecimalText.text(share, digits: 1)) %) would be listed, more than "
                    + "--max-listed allows; were the ids read from the right column, with the token of their bot?")
        }
        for place in window.older where try !streaks.extend(into: runs[place], &warnings) { break }
        entries = listed.map { streaks.entry($0) }
    }
}

/// For how long ids have been unavailable without a break, walking from the newest run into the past.
private struct Streaks {
    private var ids = IDTable()
    private var since: [Timestamp] = []
    private var runs: [Int] = []
    /// The runs walked over, as long as the streak held.
    private var reach: [Int] = []
    private var isOff: [Bool] = []
    private var walked = 0

    /// The numbers of those that were unavailable in every run that had to find them so, and never reachable.
    var left: [Int] { (0..<ids.count).filter { reach[$0] == walked && !isOff[$0] } }

    func entry(_ number: Int) -> PruneList.Entry {
        PruneList.Entry(id: Array(ids[number]), firstUnavailableAt: since[number], runs: runs[number])
    }

    /// Walks into a run that has to find an id unavailable.
    mutating func require(_ run: AuditedRun) throws {
        let isNewest = walked == 0
        try run.rows { id, outcome in
            if let time = outcome.unavailableAt {
                if isNewest, ids.insert(id).isNew {
                    since.append(time)
                    runs.append(0)
                    reach.append(0)
                    isOff.append(false)
                }
                if let number = ids.number(of: id) { lengthen(number, time) }
            } else if outcome.kind.isReachable, let number = ids.number(of: id) {
                isOff[number] = true
            }
        }
        walked += 1
    }

    private mutating func lengthen(_ number: Int, _ time: Timestamp) {
        guard reach[number] == walked else { return }
        reach[number] += 1
        runs[number] += 1
        since[number] = time
    }

    /// A run that does not count can only take ids off.
    mutating func takeOffReachable(of run: AuditedRun) throws {
        try run.rows { id, outcome in
            if outcome.kind.isReachable, let number = ids.number(of: id) { isOff[number] = true }
        }
    }

    /// Walks into a run from before the window, in which an id without a definite answer may have been anything.
    ///
    /// - Returns: false if there is nothing to walk further for.
    mutating func extend(into run: AuditedRun, _ warnings: inout [String]) throws -> Bool {
        var longer = self
        do {
            try run.rows { id, outcome in
                guard let number = ids.number(of: id) else { return }
                if let time = outcome.unavailableAt {
                    longer.lengthen(number, time)
                } else if !outcome.isDefinite, longer.reach[number] == walked {
                    longer.reach[number] += 1
                }
            }
        } catch  where error is DamagedSnapshot || error is GzipError {
            // Both have words of their own.
            let reason = String(describing: error)
            warnings.append("\(run.summary.run.id): \(reason); first_unavailable_at does not look behind it")
            return false
        }
        longer.walked += 1
        self = longer
        return reach.contains(walked)
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

/// Why no list is given.
package struct PruneRefusal: Error, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ why: String) { description = "no prune list: " + why }
}
