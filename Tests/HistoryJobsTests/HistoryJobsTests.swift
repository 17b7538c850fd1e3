import Audit
import Files
import Foundation
import HistoryJobs
import Journal
import Model
import SnapshotJob
import Snapshots
import TestSupport
import Testing

/// The jobs on published runs, with real snapshots on disk.
@Suite struct HistoryJobsTests {
    /// Publishes runs of the same list, each `day` days after the first one, and reads them back.
    private func withRuns(
        _ rows: [(day: Int64, rows: [SnapshotRow])],
        _ body: (_ output: OutputDirectory, _ runs: PublishedRuns) throws -> Void
    ) async throws {
        try await withTemporaryDirectory { path in
            let output = OutputDirectory(path)
            for (day, rows) in rows {
                var run = SampleRun(rows: rows)
                let start = Timestamp(milliseconds: SampleRun.startedAt.milliseconds + day * 86_400_000)
                run.summary.run.id = RunID(startedAt: start, salt: UInt64(day))
                run.summary.run.startedAt = start
                try run.beginWork(in: output)
                _ = try Publication(output: output, now: start).publish(
                    run.summary, run.writer(in: output), rows: run.visitRows,
                    exitCode: { $0.unresolved == 0 ? 0 : 3 })
            }
            try body(output, try PublishedRuns(in: output, now: Self.now))
        }
    }

    /// The time at which the jobs run.
    private static let now = Timestamp(milliseconds: SampleRun.startedAt.milliseconds + 31 * 86_400_000)

    private static let first: [SnapshotRow] = [.answered("a", 0), .answered("b", 1), .answered("c", 4)]
    private static let second: [SnapshotRow] = [.answered("a", 0), .answered("b", 4), .answered("d", 2)]

    private func ids(_ job: AuditJob, _ runs: PublishedRuns) throws -> [String] {
        var ids: [String] = []
        _ = try job.run(runs) { ids.append(String(decoding: $0.id, as: UTF8.self)) }
        return ids
    }

    @Test func `an audit compares the newest run with the one before`() async throws {
        try await withRuns([(0, Self.first), (1, Self.second)]) { _, runs in
            let gates = try ["unavailable > 20%", "unavailable > 90%", "unavailable +1%"].map { try #require(Gate($0)) }
            let result = try AuditJob(run: nil, against: nil, gates: gates, list: nil).run(runs) { _ in
                Issue.record("no list was requested")
            }
            #expect(result.audit.run.run.id == runs.newest?.summary.run.id)
            #expect(result.audit.against?.run.id == runs.snapshots[0].summary.run.id)
            #expect(result.gates.map(\.isTripped) == [true, false, false])
            #expect(result.notable.map(\.gate) == [gates[0]])
            let lists: [(IDList, [String])] = [
                (.unavailable, ["b"]), (.becameUnavailable, ["b"]), (.new, ["d"]), (.gone, ["c"]),
            ]
            for (list, expected) in lists {
                #expect(try ids(AuditJob(run: nil, against: nil, gates: [], list: list), runs) == expected)
            }
        }
    }

    /// A gate that compares runs has no earlier run and is reported; a list that compares runs is refused.
    @Test func `an audit of one run has no earlier run to compare with`() async throws {
        try await withRuns([(0, Self.first)]) { _, runs in
            let gate = try #require(Gate("unavailable +1%"))
            let result = try AuditJob(run: "latest", against: nil, gates: [gate], list: nil).run(runs) { _ in }
            #expect(result.audit.against == nil)
            #expect(result.notable.map(\.isTripped) == [false])
            #expect(throws: NoSuchRun.self) {
                try AuditJob(run: nil, against: nil, gates: [], list: .new).run(runs) { _ in }
            }
            #expect(throws: NoSuchRun.self) {
                try AuditJob(run: "2020-01-01", against: nil, gates: [], list: nil).run(runs) { _ in }
            }
        }
    }

    @Test func `a prune list holds the ids that were unavailable in every run of its window`() async throws {
        let rules = PruneList.Rules(runs: 3, days: 30, maxJump: 50, maxListShrink: 50, maxListed: 100)
        let always: [SnapshotRow] = [.answered("gone", 4), .answered("here", 0), .answered("back", 4)]
        let later: [SnapshotRow] = [.answered("gone", 4), .answered("here", 0), .answered("back", 1)]
        try await withRuns([(0, always), (15, later), (30, always)]) { _, runs in
            let entries = try PruneListJob(rules: rules).run(runs).entries
            #expect(entries.map { String(decoding: $0.id, as: UTF8.self) } == ["gone"])
            #expect(entries.map(\.runs) == [3])
            #expect(entries.map(\.firstUnavailableAt) == [SnapshotRow.checkedAt])
        }
        try await withRuns([(0, always), (15, later)]) { _, runs in
            #expect(throws: PruneRefusal.self) { try PruneListJob(rules: rules).run(runs) }
        }
    }

    /// A run that started in the future may be the newest, and may have reached an id that the others did not.
    @Test func `with a run from the future there is no prune list`() async throws {
        let rules = PruneList.Rules(runs: 2, days: 1, maxJump: 50, maxListShrink: 50, maxListed: 100)
        try await withRuns([(0, Self.first), (15, Self.first), (40, Self.second)]) { _, runs in
            #expect(runs.snapshots.count == 2)
            let refusal = #expect(throws: PruneRefusal.self) { try PruneListJob(rules: rules).run(runs) }
            #expect(refusal?.description.contains("which is in the future") == true)
        }
    }

    /// An old run that cannot be relied on is not the reason that the newest run is incomplete.
    @Test func `a prune list is refused with the true reason`() async throws {
        let rules = PruneList.Rules(runs: 2, days: 1, maxJump: 50, maxListShrink: 50, maxListed: 100)
        try await withRuns([(0, Self.first), (15, Self.first), (20, [SnapshotRow("a", .notAsked)])]) { output, runs in
            let copy = RunID(startedAt: SampleRun.startedAt, salt: 99)
            try FileManager.default.copyItem(atPath: runs.snapshots[0].path, toPath: output.path + "/\(copy)")
            let left = try PublishedRuns(in: output, now: Self.now)
            #expect(left.unusable.count == 1)
            let refusal = #expect(throws: PruneRefusal.self) { try PruneListJob(rules: rules).run(left) }
            #expect(refusal?.description.contains("is incomplete") == true, "\(refusal?.description ?? "")")
        }
    }

    @Test func `without a run there is nothing to do`() async throws {
        try await withRuns([]) { output, runs in
            #expect(throws: NoSuchRun.self) {
                try AuditJob(run: nil, against: nil, gates: [], list: nil).run(runs) { _ in }
            }
            let rules = PruneList.Rules(runs: 1, days: 0, maxJump: 5, maxListShrink: 10, maxListed: 100)
            #expect(throws: NoSuchRun.self) { try PruneListJob(rules: rules).run(runs) }
            #expect(throws: NoSuchRun.self) {
                try HistoryRebuild(in: output).run(runs, at: Self.now) { _ in }
            }
            #expect(throws: NoSuchRun.self) {
                try ReportJob(output, page: nil, gates: [], toolVersion: "1").run(runs, at: Self.now) { _ in
                }
            }
        }
    }

    @Test func `a rebuilt history equals the written one and keeps rows of runs that are gone`() async throws {
        try await withRuns([(0, Self.first), (1, Self.second), (2, Self.first)]) { output, runs in
            let written = try bytes(of: output.history)
            try FileSystem.remove(runs.snapshots[0].path)
            let left = try PublishedRuns(in: output, now: Self.now)
            let result = try HistoryRebuild(in: output).run(left, at: Self.now) { Issue.record("\($0)") }
            #expect((result.rows, result.gone) == (3, 1))
            #expect(try bytes(of: output.history) == written)
            // Another run has locked the directory.
            let lock = try output.work.lock(at: SampleRun.startedAt)
            #expect(throws: LockHeld.self) {
                try HistoryRebuild(in: output).run(left, at: Self.now) { _ in }
            }
            withExtendedLifetime(lock) {}
        }
    }

    /// The file is kept under another name, and a file that already has that name is not overwritten.
    @Test func `a file that is not a history is moved aside`() async throws {
        try await withRuns([(0, Self.first), (1, Self.second)]) { output, runs in
            let written = try bytes(of: output.history)
            try write("somebody's", to: output.history)
            var warnings: [String] = []
            let result = try HistoryRebuild(in: output).run(runs, at: Self.now) { warnings.append($0) }
            #expect((result.rows, result.gone) == (2, 0))
            #expect(try bytes(of: output.history) == written)
            let aside = "\(output.history).before-\(runs.snapshots[1].summary.run.id)"
            #expect(try bytes(of: aside) == Array("somebody's".utf8))
            #expect(warnings == ["\(output.history) was not a history of this program; it was renamed to \(aside)"])
            try write("another's", to: output.history)
            _ = try HistoryRebuild(in: output).run(runs, at: Self.now) { _ in }
            #expect(try bytes(of: output.history) == written)
            #expect(try bytes(of: aside + "-2") == Array("another's".utf8))
            #expect(try bytes(of: aside) == Array("somebody's".utf8))
        }
    }

    /// Lines that cannot be read and columns that the user added are kept.
    @Test func `a rebuilt history keeps lines that it cannot read`() async throws {
        try await withRuns([(0, Self.first), (1, Self.second)]) { output, runs in
            let lines = String(decoding: try bytes(of: output.history), as: UTF8.self).split(separator: "\n")
            let edited = [lines[0] + ",note", lines[2] + ",mine", "rubbish", lines[1] + ","]
            try write(edited.joined(separator: "\n"), to: output.history)
            var warnings: [String] = []
            _ = try HistoryRebuild(in: output).run(runs, at: Self.now) { warnings.append($0) }
            let after = String(decoding: try bytes(of: output.history), as: UTF8.self)
            #expect(after == [edited[0], edited[3], edited[1], edited[2]].joined(separator: "\n") + "\n")
            #expect(warnings == ["\(output.history): line 4 is not the row of a run; it is kept as it is"])
        }
    }

    @Test func `a page has the runs of the history and of the snapshots`() async throws {
        try await withRuns([(0, Self.first), (1, Self.second), (2, Self.first)]) { output, runs in
            try FileSystem.remove(runs.snapshots[0].path)
            let left = try PublishedRuns(in: output, now: Self.now)
            let job = ReportJob(output, page: output.path + "/report.html", gates: [], toolVersion: "1.2.3")
            let page = try job.run(left, at: Self.now) { Issue.record("\($0)") }
            #expect(page.runs == 3)
            let html = String(decoding: page.html, as: UTF8.self)
            for snapshot in left.snapshots { #expect(html.contains("href=\"\(snapshot.summary.run.id)/")) }
            #expect(!html.contains("href=\"\(runs.snapshots[0].summary.run.id)/"))
            #expect(html.contains("1.2.3"))
        }
    }

    /// A file that is not a history causes a warning, and so do rows that cannot be read.
    @Test func `files that cannot be read cause warnings`() async throws {
        try await withRuns([(0, Self.first), (1, Self.second)]) { output, runs in
            try write("a;b\n", to: output.history)
            try write("", to: runs.snapshots[1].path + "/subscribers.csv.gz")
            var warnings: [String] = []
            let job = ReportJob(output, page: nil, gates: [], toolVersion: "1")
            let page = try job.run(runs, at: Self.now) { warnings.append($0) }
            #expect(page.runs == 2)
            #expect(warnings.first?.contains("is not a history: its first line names no column run_id") == true)
            #expect(warnings.contains { $0.hasPrefix("the rows of \(runs.snapshots[1].path) cannot be read") })
        }
    }
}
