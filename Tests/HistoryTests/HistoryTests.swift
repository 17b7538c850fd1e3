import Files
import Model
import TestSupport
import Testing

@testable import History

@Suite struct HistoryTests {
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

    /// Writes the rows of runs to `history.csv`, as publishing does.
    private func put(_ summaries: [RunSummary], in path: String) throws {
        var history = try History(at: path + "/history.csv")
        for summary in summaries { history.put(HistoryRow(summary)) }
        try history.save(through: path + "/temporary")
    }

    private static let row =
        #"20261121T231500Z-7f3a,2026-11-21T23:15:00Z,2026-11-21T23:16:01Z,true,subscribers.csv,"#
    private static let wholeRow = row + "0,0,0,0,0,0,0,0.00,0.00,35,pa:1234567890123456789,\"Bot, \"\"one\"\"\"\n"

    @Test func `a run is one row`() async throws {
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
            try put([summary], in: path)
            #expect(
                try text(path + "/history.csv") == Self.header
                    + "20261121T231500Z-7f3a,2026-11-21T23:15:00Z,2026-11-21T23:16:01Z,false,subscribers.csv,"
                    + "3000,1000,500,200,3,1250,50,33.33,41.67,35,pa:1234567890123456789,\"Bot, \"\"one\"\"\"\n")
            // Times are written in whole seconds.
            var read = HistoryRow(summary)
            read.finishedAt = Timestamp(milliseconds: SampleRun.finishedAt.milliseconds / 1_000 * 1_000)
            #expect(try History(at: path + "/history.csv").rows == [read])
        }
    }

    @Test(arguments: [
        (0, 0, "0.00"), (3, 1, "33.33"), (3, 2, "66.67"), (3, 3, "100.00"), (1_000_000, 1, "0.00"),
        (1_000, 5, "0.50"), (200_000, 199_999, "100.00"), (8, 1, "12.50"),
    ])
    func `percents have two decimals`(_ unique: Int, _ online: Int, _ expected: String) {
        var summary = summary()
        summary.source.unique = unique
        summary.counts.online = online
        #expect(HistoryRow(summary).cells["online_percent"] == expected)
    }

    @Test func `unknown values are empty`() async throws {
        try await withTemporaryDirectory { path in
            var summary = summary()
            summary.account = nil
            summary.source.name = "a,b.csv"
            try put([summary], in: path)
            #expect(
                try text(path + "/history.csv") == Self.header
                    + "20261121T231500Z-7f3a,2026-11-21T23:15:00Z,2026-11-21T23:16:01Z,true,\"a,b.csv\","
                    + "0,0,0,0,0,0,0,0.00,0.00,,,\n")
        }
    }

    @Test func `every run adds a row and the same run replaces its row`() async throws {
        try await withTemporaryDirectory { path in
            let file = path + "/history.csv"
            for salt: UInt64 in [1, 2, 3] { try put([summary(salt: salt)], in: path) }
            var again = summary(salt: 2)
            again.source.name = "again.csv"
            try put([again], in: path)
            let lines = try text(file).split(separator: "\n")
            #expect(
                lines.map { $0.prefix(21) }.dropFirst() == [
                    "20261121T231500Z-0001", "20261121T231500Z-0002", "20261121T231500Z-0003",
                ])
            #expect(lines[2].contains("again.csv"))
            #expect(try FileSystem.list(path) == ["history.csv"])
        }
    }

    /// A spreadsheet must not run a cell as a formula; reading gives the original text.
    @Test(arguments: [
        ("=HYPERLINK(\"http://evil.example\")", "'=HYPERLINK"), ("+1", "'+1"), ("-1", "'-1"), ("@SUM(A1)", "'@SUM"),
        ("\tx", "'\tx"), ("\rx", "'\rx"), ("'=1", "''=1"), ("''+1", "'''+1"), ("'quoted'", "'quoted'"), ("", ""),
        ("A=1", "A=1"), ("\u{D6}", "\u{D6}"),
    ])
    func `a formula is escaped`(_ name: String, _ cell: String) async throws {
        #expect(HistoryRow.cell(name).hasPrefix(cell))
        #expect(HistoryRow.text(HistoryRow.cell(name)) == name)
        try await withTemporaryDirectory { path in
            var summary = summary()
            summary.source.name = name
            try put([summary], in: path)
            #expect(try History(at: path + "/history.csv").rows.map(\.source) == [name])
        }
    }

    /// A long name never makes the file unreadable.
    @Test func `a long name is shortened`() {
        for (name, length) in [("N", 1_024), ("\u{E9}", 1_024), ("\u{20AC}", 1_023), ("\u{1F600}", 1_024)] {
            let cell = HistoryRow.cell(String(repeating: name, count: 70_000))
            #expect(cell.utf8.count == length)
            #expect(cell == String(repeating: name, count: length / name.utf8.count))
        }
    }

    @Test func `a file that does not change is not written`() async throws {
        try await withTemporaryDirectory { path in
            let file = path + "/history.csv"
            try put([summary()], in: path)
            let before = try InputFile(opening: file).identity()
            try put([summary()], in: path)
            #expect(try InputFile(opening: file).identity() == before)
        }
    }

    @Test(arguments: [
        "my notes\n", "<!DOCTYPE html>\n", "\u{1}\u{1}x", "id,run\n1,2\n", "\"run_id\n", "\u{0}\u{0}\u{0}",
    ])
    func `a file that is not a history is left alone`(_ content: String) async throws {
        try await withTemporaryDirectory { path in
            let file = path + "/history.csv"
            try write(content, to: file)
            let error = #expect(throws: ForeignHistory.self) { try put([summary()], in: path) }
            #expect(error?.description.contains(file) == true)
            #expect(try text(file) == content)
            #expect(try FileSystem.list(path) == ["history.csv"])
        }
    }

    @Test(arguments: ["", "\n", "\u{FEFF}", " \r\n"])
    func `an empty file is a history without rows`(_ content: String) async throws {
        try await withTemporaryDirectory { path in
            try write(content, to: path + "/history.csv")
            try put([summary()], in: path)
            #expect(try text(path + "/history.csv") == Self.header + Self.wholeRow)
        }
    }
}
