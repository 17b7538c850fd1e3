import Model
import Testing

@testable import Audit
@testable import Report

/// Runs in order of time, the gaps between them, and the best hours.
@Suite struct RunSeriesTests {
    private func series(_ hours: [Double]) throws -> RunSeries {
        RunSeries(hours.map { HistoryRow.made(hours: $0) })
    }

    private func segments(_ series: RunSeries) -> [Int] { series.segments().map(\.count) }

    @Test func `more than two and a half median intervals are a gap`() throws {
        #expect(try segments(series([0, 1, 2, 4.5, 5.5])) == [5])
        #expect(try segments(series([0, 1, 2, 4.51, 5.5])) == [3, 2])
        #expect(try series([0, 1, 2, 4.51, 5.5]).gaps.count == 1)
    }

    @Test func `few runs have no gap`() throws {
        #expect(try segments(series([])).isEmpty)
        #expect(try segments(series([5])) == [1])
        #expect(try segments(series([0, 500])) == [2])
    }

    @Test func `the median of an even number is between the middle two`() throws {
        #expect(try series([0, 1, 4]).medianInterval == 2 * 3_600_000)
        #expect(try series([4, 0, 1]).rows.map(\.startedAt.hour) == [0, 1, 4])
    }

    @Test func `runs that are left out do not make a gap by themselves`() throws {
        let series = try series([0, 1, 2, 3, 4, 5])
        let without = { (left: [Int]) in series.segments { !left.contains($0.startedAt.hour) }.map(\.count) }
        #expect(without([2]) == [5])
        #expect(without([2, 3]) == [2, 2])
    }

    @Test func `an hour of a weekday holds the runs that started in it`() throws {
        let rows = [
            HistoryRow.made(hours: 19, online: 10, unique: 40), .made(hours: 19.9, online: 20, unique: 40),
            .made(hours: 24 * 7 + 19, online: 30, unique: 60, unresolved: 20), .made(hours: 20, online: 1, unique: 10),
            .made(hours: 30, online: 0, unique: 9, unresolved: 9), .made(hours: 31, online: 0, unique: 0),
        ]
        let bins = OnlineHeatMap.bins(RunSeries(rows))
        #expect(
            bins == [
                .init(weekday: 0, hour: 19, runs: 3, online: 60, answered: 120),
                .init(weekday: 0, hour: 20, runs: 1, online: 1, answered: 10),
            ])
        #expect(bins.map(\.percent) == [50, 10])
        #expect(OnlineHeatMap(RunSeries(rows)).advice.hasPrefix("Most are online on Monday from 19:00"))
    }

    @Test func `the advice says what is not known`() throws {
        #expect(OnlineHeatMap(try series([])).advice == "No run has an answer yet.")
        #expect(OnlineHeatMap(try series([0])).advice.hasSuffix("Run at several hours to see when to send."))
        let sameHour = OnlineHeatMap(try series([0, 24]))
        #expect(sameHour.advice.hasSuffix("run at several hours to see when to send."))
        #expect(sameHour.cells.count { $0.shade != nil } == 2)
    }
}

extension HistoryRow {
    /// A run that started `hours` after Monday, 1 June 2026.
    static func made(
        hours: Double, online: Int = 1, unique: Int = 10, unresolved: Int = 0, source: String = "list.csv",
        account: String = "pa:1", name: String = "Bot"
    ) -> HistoryRow {
        let start = Timestamp(milliseconds: 1_780_272_000_000 + Int64(hours * 3_600_000))
        return HistoryRow(
            run: RunID(startedAt: start, salt: 1), startedAt: start, finishedAt: start, complete: unresolved == 0,
            source: source, unique: unique, online: online, offline: unique - online - unresolved, undisclosed: 0,
            tryLater: 0, unavailable: 0, unresolved: unresolved, subscribersCount: 35, accountID: account,
            accountName: name)
    }
}
