import Formats
import Journal
import Model
import SnapshotJob
import TestSupport
import Testing

/// Which unfinished run is gone on with, as a table: without a disk, a network or a clock.
@Suite struct ResumeDecisionTests {
    /// A run that began some minutes before this one.
    private static func record(_ minutes: Int64, key: String = "k", account: String? = "pa:1") -> RunRecord {
        var summary = SampleRun(rows: []).summary
        let began = Timestamp(milliseconds: SampleRun.startedAt.milliseconds - minutes * 60_000)
        summary.run.id = RunID(startedAt: began, salt: UInt64(minutes))
        summary.run.startedAt = began
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
        /// Minutes of the run that is gone on with; nil for a new one.
        var resumed: Int64?
        /// Reasons for the others, in order.
        var reasons: [String] = []
    }

    private static let others = "it was for another source, other options for it, or another API"
    private static let perhaps = "it may have been for another account: the token is not the same"
    private static let late = "it started longer ago than --resume-within allows"

    private static let table = [
        Row(testDescription: "nothing is unfinished", records: []),
        Row(testDescription: "one run was told the same", records: [record(10)], resumed: 10),
        Row(
            testDescription: "the newest of two", records: [record(20), record(10)], resumed: 10,
            reasons: ["there is a newer one"]),
        Row(
            testDescription: "the newest one that was told the same", records: [record(10), record(5, key: "other")],
            resumed: 10, reasons: [others]),
        Row(
            testDescription: "--fresh", records: [record(20), record(10)], startsFresh: true,
            reasons: ["--fresh was given", "--fresh was given"]),
        Row(testDescription: "another key", records: [record(10, key: "other")], reasons: [others]),
        Row(testDescription: "as old as may be", records: [record(10)], within: .seconds(600), resumed: 10),
        Row(
            testDescription: "a moment too old", records: [record(10)], within: .milliseconds(599_999), reasons: [late]),
        Row(
            testDescription: "an old one and a good one", records: [record(90), record(10)], resumed: 10,
            reasons: [late]),
        Row(
            testDescription: "another account", records: [record(10, account: "pa:2")],
            reasons: ["it was for the account pa:2, and the token is now for pa:1"]),
        Row(
            testDescription: "another account with the same token", records: [record(10, account: "pa:2")],
            findings: Resume.Findings(account: "pa:1", isSameToken: true, spoolSum: "sum 10"),
            reasons: ["it was for the account pa:2, and the token is now for pa:1"]),
        Row(
            testDescription: "the account was not known", records: [record(10, account: nil)], reasons: [perhaps]),
        Row(testDescription: "the account was blank", records: [record(10, account: " ")], reasons: [perhaps]),
        Row(
            testDescription: "an account that looks the same", records: [record(10, account: "pa:e\u{301}")],
            findings: Resume.Findings(account: "pa:\u{e9}", spoolSum: "sum 10"),
            reasons: ["it was for the account pa:e\u{301}, and the token is now for pa:\u{e9}"]),
        Row(
            testDescription: "the account was not known, and the token is the same",
            records: [record(10, account: nil)],
            findings: Resume.Findings(account: "pa:1", isSameToken: true, spoolSum: "sum 10"), resumed: 10),
        Row(
            testDescription: "the account is not known now", records: [record(10)],
            findings: Resume.Findings(spoolSum: "sum 10"), reasons: [perhaps]),
        Row(
            testDescription: "the account is not known now, and the token is the same", records: [record(10)],
            findings: Resume.Findings(isSameToken: true, spoolSum: "sum 10"), resumed: 10),
        Row(
            testDescription: "the account is known to neither", records: [record(10, account: nil)],
            findings: Resume.Findings(spoolSum: "sum 10"), reasons: [perhaps]),
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
        // Each run is gone on with or discarded, and none is both.
        let known = [resume.run].compactMap(\.self) + resume.discarded.map(\.run)
        #expect(Set(known) == Set(row.records.map(\.run)) && known.count == row.records.count)
    }
}
