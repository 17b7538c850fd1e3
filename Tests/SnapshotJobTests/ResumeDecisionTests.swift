import Formats
import Journal
import Model
import SnapshotJob
import TestSupport
import Testing

/// Which unfinished run is resumed, as a table: without a disk, a network or a clock.
@Suite struct ResumeDecisionTests {
    /// A run that started `minutes` before this one.
    private static func record(_ minutes: Int64, key: String = "k", account: String? = "pa:1") -> RunRecord {
        var summary = SampleRun(rows: []).summary
        let startedAt = Timestamp(milliseconds: SampleRun.startedAt.milliseconds - minutes * 60_000)
        summary.run.id = RunID(startedAt: startedAt, salt: UInt64(minutes))
        summary.run.startedAt = startedAt
        summary.account = account.map { id in
            Account(fields: [.init(name: "id", json: Array("\"\(id)\"".utf8))])
        }
        return RunRecord(summary: summary, key: key, spoolSum: "sum \(minutes)")
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// Oldest first.
        var records: [RunRecord]
        var startsFresh = false
        var within: Duration = .seconds(3_600)
        var findings = Resume.Findings(account: "pa:1", spoolSum: "sum 10")
        /// The age in minutes of the run that is resumed; nil for a new one.
        var resumed: Int64?
        /// The reasons for discarding the others, in order.
        var reasons: [String] = []
    }

    private static let otherSettings = "it was for another source, other options for it, or another API"
    private static let unknownAccount = "it may have been for another account: the token is not the same"
    private static let tooOld = "it started longer ago than --resume-within allows"

    private static let table = [
        Row(testDescription: "nothing is unfinished", records: []),
        Row(testDescription: "one run with the same settings", records: [record(10)], resumed: 10),
        Row(
            testDescription: "the newest of two", records: [record(20), record(10)], resumed: 10,
            reasons: ["there is a newer one"]),
        Row(
            testDescription: "the newest one with the same settings", records: [record(10), record(5, key: "other")],
            resumed: 10, reasons: [otherSettings]),
        Row(
            testDescription: "--fresh", records: [record(20), record(10)], startsFresh: true,
            reasons: ["--fresh was given", "--fresh was given"]),
        Row(testDescription: "another key", records: [record(10, key: "other")], reasons: [otherSettings]),
        Row(testDescription: "exactly the maximum age", records: [record(10)], within: .seconds(600), resumed: 10),
        Row(
            testDescription: "one millisecond too old", records: [record(10)], within: .milliseconds(599_999),
            reasons: [tooOld]),
        Row(
            testDescription: "an old one and a good one", records: [record(90), record(10)], resumed: 10,
            reasons: [tooOld]),
        Row(
            testDescription: "another account", records: [record(10, account: "pa:2")],
            reasons: ["it was for the account pa:2, and the token is now for pa:1"]),
        Row(
            testDescription: "another account with the same token", records: [record(10, account: "pa:2")],
            findings: Resume.Findings(account: "pa:1", isSameToken: true, spoolSum: "sum 10"),
            reasons: ["it was for the account pa:2, and the token is now for pa:1"]),
        Row(
            testDescription: "the account was unknown", records: [record(10, account: nil)], reasons: [unknownAccount]),
        Row(testDescription: "the account was blank", records: [record(10, account: " ")], reasons: [unknownAccount]),
        Row(
            testDescription: "an account that looks the same", records: [record(10, account: "pa:e\u{301}")],
            findings: Resume.Findings(account: "pa:\u{e9}", spoolSum: "sum 10"),
            reasons: ["it was for the account pa:e\u{301}, and the token is now for pa:\u{e9}"]),
        Row(
            testDescription: "the account was unknown, and the token is the same",
            records: [record(10, account: nil)],
            findings: Resume.Findings(account: "pa:1", isSameToken: true, spoolSum: "sum 10"), resumed: 10),
        Row(
            testDescription: "the account is unknown now", records: [record(10)],
            findings: Resume.Findings(spoolSum: "sum 10"), reasons: [unknownAccount]),
        Row(
            testDescription: "the account is unknown now, and the token is the same", records: [record(10)],
            findings: Resume.Findings(isSameToken: true, spoolSum: "sum 10"), resumed: 10),
        Row(
            testDescription: "the account is unknown to both", records: [record(10, account: nil)],
            findings: Resume.Findings(spoolSum: "sum 10"), reasons: [unknownAccount]),
        Row(
            testDescription: "a damaged list", records: [record(10)],
            findings: Resume.Findings(account: "pa:1", spoolSum: "other"), reasons: ["its list of ids is damaged"]),
        Row(
            testDescription: "a list that is gone", records: [record(10)], findings: Resume.Findings(account: "pa:1"),
            reasons: ["its list of ids is damaged"]),
        Row(
            testDescription: "the same ids on standard input", records: [record(10)],
            findings: Resume.Findings(account: "pa:1", spoolSum: "sum 10", newSpoolSum: "sum 10"), resumed: 10),
        Row(
            testDescription: "other ids on standard input", records: [record(20), record(10)],
            findings: Resume.Findings(account: "pa:1", spoolSum: "sum 10", newSpoolSum: "other"),
            reasons: ["standard input holds other ids now", "there is a newer one"]),
    ]

    @Test(arguments: table) func `the table holds`(_ row: Row) {
        let settings = Resume.Settings(
            startedAt: SampleRun.startedAt, key: "k", within: row.within, startsFresh: row.startsFresh)
        let resume = Resume(row.records, settings, row.findings)
        #expect(resume.run == row.resumed.map { Self.record($0).run })
        #expect(resume.discarded.map(\.reason) == row.reasons)
        // Each run is either resumed or discarded.
        let decided = [resume.run].compactMap(\.self) + resume.discarded.map(\.run)
        #expect(Set(decided) == Set(row.records.map(\.run)) && decided.count == row.records.count)
    }
}
