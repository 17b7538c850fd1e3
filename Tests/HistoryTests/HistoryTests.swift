import Files
import Model
import TestSupport
import Testing

@testable import History

@Suite(.needs("python3")) struct HistoryTests {
    private static let header =
        "run_id,started_at,finished_at,complete,source,unique,online,offline,undisclosed,try_later,unavailable,"
        + "unresolved,online_percent,unavailable_percent,subscribers_count,account_id,account_name\n"

    private func text(_ path: String) throws -> String { String(decoding: try bytes(of: path), as: UTF8.self) }

    private func summary(salt: UInt64 = 0x7f3a) -> RunSummary {
        var summary = SampleRun(rows: [], salt: salt).summary
        summary.run.finishedAt = SampleRun.finishedAt
        summary.run.complete = true
        return summary
    }

    private static let row =
        #"20261121T231500Z-7f3a,2026-11-21T23:15:00Z,2026-11-21T23:16:01Z,true,subscribers.csv,"#

    @Test func aRunIsOneRow() async throws {
        try await withTemporaryDirectory { path in
            var summary = summary()
            summary.run.complete = false
            summary.source.unique = 3_000
            summary.counts.online = 1_000
            summary.counts.offline = 500
            summary.counts.undisclosed = 200
            summary.counts.tryLater = 3
            summary.counts.unavailable = 1_250
            summary.counts.unknown = 7
            summary.counts.notReturned = 11
            summary.counts.failed = 13
            summary.counts.notAsked = 16
            _ = try History.record(summary, in: path + "/history.csv")
            #expect(
                try text(path + "/history.csv") == Self.header
                    + "20261121T231500Z-7f3a,2026-11-21T23:15:00Z,2026-11-21T23:16:01Z,false,subscribers.csv,"
                    + "3000,1000,500,200,3,1250,50,33.33,41.67,35,pa:1234567890123456789,\"Bot, \"\"one\"\"\"\n")
        }
    }

    @Test(arguments: [
        (0, 0, "0.00"), (3, 1, "33.33"), (3, 2, "66.67"), (3, 3, "100.00"), (1_000_000, 1, "0.00"),
        (1_000, 5, "0.50"), (200_000, 199_999, "100.00"), (8, 1, "12.50"),
    ])
    func percentsHaveTwoDecimals(_ unique: Int, _ online: Int, _ expected: String) {
        var summary = summary()
        summary.source.unique = unique
        summary.counts.online = online
        #expect(HistoryRow(summary).fields[12] == expected)
    }

    @Test func whatIsNotKnownIsEmpty() async throws {
        try await withTemporaryDirectory { path in
            var summary = summary()
            summary.account = nil
            summary.source.name = "a,b.csv"
            _ = try History.record(summary, in: path + "/history.csv")
            #expect(
                try text(path + "/history.csv") == Self.header
                    + "20261121T231500Z-7f3a,2026-11-21T23:15:00Z,2026-11-21T23:16:01Z,true,\"a,b.csv\","
                    + "0,0,0,0,0,0,0,0.00,0.00,,,\n")
        }
    }

    @Test func everyRunAddsARowAndTheSameRunReplacesIts() async throws {
        try await withTemporaryDirectory { path in
            let file = path + "/history.csv"
            for salt: UInt64 in [1, 2, 3] { _ = try History.record(summary(salt: salt), in: file) }
            var again = summary(salt: 2)
            again.source.name = "again.csv"
            _ = try History.record(again, in: file)
            let lines = try text(file).split(separator: "\n")
            #expect(
                lines.map { $0.prefix(21) }.dropFirst() == [
                    "20261121T231500Z-0001", "20261121T231500Z-0003", "20261121T231500Z-0002",
                ])
            #expect(lines.last?.contains("again.csv") == true)
            #expect(try Directories.list(path) == ["history.csv"])
        }
    }

    @Test func rowsOfOtherRunsStayAsTheyAre() async throws {
        try await withTemporaryDirectory { path in
            let file = path + "/history.csv"
            let old = "20200101T000000Z-00ff,x,y,\"quoted, \"\"so\"\"\",\"two\nlines\",=1+1,,caf\u{e9}\n"
            try write(Self.header + old, to: file)
            _ = try History.record(summary(), in: file)
            #expect(try text(file).hasPrefix(Self.header + old + Self.row))
        }
    }

    @Test(arguments: [
        "my notes\n", "\u{FEFF}" + header + "20200101T000000Z-00ff,kept\n",
        header.replacing(",", with: ";") + "20200101T000000Z-00ff;kept\n", header + "20200101T000000Z-00ff,\"open\n",
        header + "20200101T000000Z-00ff,\"a\"b\n",
    ])
    func aFileThatIsNoHistoryIsMovedAside(_ content: String) async throws {
        try await withTemporaryDirectory { path in
            let file = path + "/history.csv"
            try write(content, to: file)
            let sentence = try #require(try History.record(summary(), in: file))
            let aside = file + ".before-20261121T231500Z-7f3a"
            #expect(sentence.contains(aside))
            #expect(try text(aside) == content)
            #expect(try text(file).hasPrefix(Self.header + Self.row))
            #expect(try text(file).split(separator: "\n").count == 2)
        }
    }

    @Test func rowsOfOtherKindsOfRunsAndBytesStay() async throws {
        try await withTemporaryDirectory { path in
            let file = path + "/history.csv"
            let old = Array((Self.header + "total,,5\n,\n").utf8) + [0x61, 0xFF, 0x0A]
            try write(old, to: file)
            #expect(try History.record(summary(), in: file) == nil)
            #expect(try bytes(of: file).starts(with: old))
        }
    }

    /// Its process ended before the older form was removed.
    @Test func aRunThatStandsInBothFormsHasOneRow() async throws {
        try await withTemporaryDirectory { path in
            var early = summary()
            early.run.complete = false
            early.run.exitCode = 3
            for both in [[early, summary()], [summary(), early]] {
                _ = try History.rebuild(from: both, in: path + "/history.csv")
                #expect(try History.read(from: path + "/history.csv").map(\.complete) == [true])
            }
        }
    }
}
