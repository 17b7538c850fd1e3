import Model
import Testing

@testable import Audit
@testable import Report

/// Positions of values and times on an axis, and its ticks.
@Suite struct AxisTests {
    @Test func `a scale is linear`() {
        let scale = Scale(low: 10, high: 30, length: 400)
        #expect([10, 15, 30].map(scale.position) == [0, 100, 400])
        #expect(Scale(low: 7, high: 7, length: 400).position(7) == 200)
    }

    @Test(arguments: [
        (0, 1, 1, 2), (1, 1, 1, 2), (5, 1, 5, 6), (6, 1, 6, 4), (11, 1, 15, 4), (2_522, 1, 3_000, 4),
        (1_000_000, 1, 1_000_000, 6), (0.04, 0.1, 0.1, 2), (31.3, 0.1, 40, 5), (100, 0.1, 100, 6),
    ])
    func `no value exceeds the top which is a round number`(
        _ highest: Double, _ step: Double, _ top: Double, _ marks: Int
    ) {
        let axis = ValueAxis(to: highest, step: step)
        #expect(axis.top == top)
        #expect(axis.marks.count == marks)
        #expect(axis.marks.first == 0 && axis.marks.last == top)
    }

    private func axis(_ first: String, _ last: String) throws -> TimeAxis {
        TimeAxis(from: try #require(Timestamp(first)), to: try #require(Timestamp(last)), length: 1_000)
    }

    @Test(arguments: [
        ("2026-06-01T00:17:00Z", "2026-06-01T05:17:00Z", ["01:00", "02:00", "03:00", "04:00", "05:00"]),
        ("2026-06-01T12:00:00Z", "2026-06-02T12:00:00Z", ["12:00", "15:00", "18:00", "21:00", "2 Jun", "03:00"]),
        ("2026-06-28T00:00:00Z", "2026-07-02T00:00:00Z", ["28 Jun", "12:00", "29 Jun", "12:00", "30 Jun"]),
        ("2026-06-01T00:17:00Z", "2026-06-08T00:17:00Z", ["2 Jun", "3 Jun", "4 Jun", "5 Jun", "6 Jun"]),
        ("2026-01-01T00:00:00Z", "2026-02-28T00:00:00Z", ["5 Jan", "12 Jan", "19 Jan", "26 Jan", "2 Feb"]),
        ("2025-12-15T00:00:00Z", "2026-08-15T00:00:00Z", ["Jan 2026", "Feb 2026", "Mar 2026", "Apr 2026"]),
        ("2020-02-01T00:00:00Z", "2026-08-15T00:00:00Z", ["Jan 2021", "Jan 2022", "Jan 2023", "Jan 2024"]),
    ])
    func `marks are whole hours days and months`(_ first: String, _ last: String, _ labels: [String]) throws {
        let ticks = try axis(first, last).ticks
        #expect(Array(ticks.map(\.label).prefix(labels.count)) == labels)
        #expect(ticks.count <= 10)
    }

    @Test func `a mark is where its time is`() throws {
        let axis = try axis("2026-06-01T00:00:00Z", "2026-06-05T00:00:00Z")
        #expect(axis.position(try #require(Timestamp("2026-06-02T00:00:00Z"))) == 250)
        #expect(axis.ticks.first { $0.label == "2 Jun" }?.percent == "25.00")
    }

    /// A history that the user edited may hold any time.
    @Test(arguments: [
        ("0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z"), ("2026-01-01T00:00:00Z", "+292277024-01-01T00:00:00Z"),
        ("+292277023-01-01T00:00:00Z", "+292277024-01-01T00:00:00Z"), ("1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z"),
    ])
    func `extreme times have an axis`(_ first: String, _ last: String) throws {
        let axis = try axis(first, last)
        #expect(axis.ticks.count <= 12)
        #expect(axis.position(try #require(Timestamp(last))) == 1_000)
    }

    @Test(arguments: [
        ("1969-12-31T23:59:59Z", 2), ("1970-01-01T00:00:00Z", 3), ("2026-06-01T00:00:00Z", 0),
        ("2026-06-07T23:59:59Z", 6), ("0001-01-01T00:00:00Z", 0),
    ])
    func `the week starts on monday`(_ time: String, _ weekday: Int) throws {
        #expect(try #require(Timestamp(time)).weekday == weekday)
    }

    @Test func `large numbers are short on an axis`() {
        #expect(
            [0, 999, 9_999, 10_000, 12_500, 1_000_000, 2_500_000_000].map(NumberFormat.short)
                == ["0", "999", "9,999", "10k", "12.5k", "1M", "2.5G"])
    }
}
