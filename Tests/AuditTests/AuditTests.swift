import Formats
import Model
import Testing

@testable import Audit

@Suite struct AuditTests {
    private typealias Row = (id: String, outcome: Outcome)

    private static let time = Timestamp(milliseconds: 1_795_000_000_000)

    private static func answered(_ status: Int64, lastOnline: Int64? = nil) -> Outcome {
        .answered(StatusAnswer(status: OnlineStatus(rawValue: status), lastOnline: lastOnline, checkedAt: time))
    }

    private static func run(_ rows: [Row]) -> AuditedRun {
        var summary = RunSummary(
            run: .init(id: RunID(startedAt: time, salt: 1), startedAt: time, toolVersion: "1"),
            source: .init(kind: "csv", name: "list.csv", column: "id"))
        summary.source.unique = rows.count
        for row in rows { summary.counts.add(row.outcome) }
        return AuditedRun(summary) { visit in for row in rows { try visit(Array(row.id.utf8)[...], row.outcome) } }
    }

    @Test func `every id of both runs is visited once`() throws {
        let earlier = Self.run([
            ("a", Self.answered(0)), ("b", Self.answered(4)), ("c", Self.answered(4)), ("d", .notAsked),
        ])
        let later = Self.run([
            ("e", Self.answered(1)), ("c", Self.answered(1)), ("a", Self.answered(4)), ("d", Self.answered(4)),
        ])
        var seen: [String] = []
        let audit = try Audit(of: later, against: earlier) { subscriber in
            let lists = IDList.allCases.filter { $0.contains(subscriber) }.map(\.rawValue).joined(separator: "+")
            seen.append(String(decoding: subscriber.id, as: UTF8.self) + ":" + lists)
        }
        #expect(
            seen == ["e:new", "c:recovered", "a:unavailable+became-unavailable", "d:unavailable", "b:gone"])
        let transitions = try #require(audit.transitions)
        #expect(transitions[.online, .unavailable] == 1)
        #expect(transitions[.notAsked, .unavailable] == 1)
        #expect(transitions.becameUnavailable == 1)
        #expect(transitions.recovered == 1)
        #expect(transitions.new.offline == 1 && transitions.new.total == 1)
        #expect(transitions.gone.unavailable == 1 && transitions.gone.total == 1)
    }

    private static let day: Int64 = 86_400_000

    @Test(
        arguments: [
            (0, nil, .day), (0, 400 * day, .older), (1, nil, .hidden), (2, nil, .hidden), (4, nil, .hidden),
            (1, 0, .day),
            (1, day, .day), (1, day + 1, .week), (1, 7 * day, .week), (1, 7 * day + 1, .month),
            (1, 30 * day + 1, .quarter),
            (1, 90 * day + 1, .year), (1, 365 * day, .year), (1, 365 * day + 1, .older), (1, -5 * day, .day),
            (3, day, .noAnswer),
            (99, nil, .noAnswer), (1, Int64.max, .older),
        ] as [(Int64, Int64?, Recency.Span)])
    func `recency is counted from the answer`(_ status: Int64, _ ago: Int64?, _ span: Recency.Span) throws {
        let lastOnline = ago.map { Self.time.milliseconds.subtractingReportingOverflow($0).partialValue }
        let audit = try Audit(of: Self.run([("a", Self.answered(status, lastOnline: lastOnline))]), against: nil)
        for other in Recency.Span.allCases { #expect(audit.recency[other] == (other == span ? 1 : 0)) }
    }

    @Test func `figures have shares and changes`() throws {
        let earlier = Self.run([("a", Self.answered(0)), ("b", Self.answered(4))])
        let later = Self.run([
            ("a", Self.answered(4)), ("b", Self.answered(4)), ("c", .failed(.timeout)), ("d", Self.answered(2)),
        ])
        let audit = try Audit(of: later, against: earlier)
        let unavailable = try #require(audit.figures.first { $0.name == "unavailable" })
        #expect(unavailable == AuditMetric(name: "unavailable", ids: 2, percent: 50, change: 1, points: 0))
        #expect(audit.run.bounds(of: .unavailable) == Bounds(least: 2, most: 3))
        #expect(audit.run.bounds(of: .failed) == Bounds(least: 1, most: 1))
        #expect(try Audit(of: later, against: nil).figures.allSatisfy { $0.change == nil && $0.points == nil })
    }

    @Test func `coverage is measured against vibers count`() throws {
        var run = Self.run([("a", Self.answered(0)), ("b", Self.answered(4)), ("c", Self.answered(1))])
        #expect(try Audit(of: run, against: nil).coverage == nil)
        var summary = run.summary
        summary.account = Account(fields: [JSONMember(name: "subscribers_count", json: Array("4".utf8))])
        run = AuditedRun(summary) { _ in }
        #expect(
            try Audit(of: run, against: nil).coverage
                == Coverage(subscribers: 4, listedPercent: 75, reachablePercent: 50))
        summary.account = Account(fields: [JSONMember(name: "subscribers_count", json: Array("0".utf8))])
        #expect(try Audit(of: AuditedRun(summary) { _ in }, against: nil).coverage == nil)
    }
}
