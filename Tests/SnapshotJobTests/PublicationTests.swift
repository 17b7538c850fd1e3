import Files
import Foundation
import Journal
import Model
import Snapshots
import TestSupport
import Testing

@testable import SnapshotJob

/// Publication of snapshots, and its completion after an earlier process ended in the middle of it.
@Suite(.needs("python3")) struct PublicationTests {
    private func record(_ run: SampleRun) -> RunRecord {
        RunRecord(summary: run.summary, key: "[\"/a\",null]", spoolSum: "0abc", sourceState: "12.34 56")
    }

    private func unfinishedRuns(in directory: OutputDirectory) throws -> UnfinishedRuns {
        let work = try directory.work.lock(at: SampleRun.finishedAt)
        defer { withExtendedLifetime(work) {} }
        let finish = Publication(output: directory, now: SampleRun.finishedAt).finishPublished
        return try UnfinishedRuns(in: directory.work, work, finishPublished: finish)
    }

    private func names(in path: String) throws -> [String] {
        try FileSystem.list(path).filter { $0 != ".lock" }
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    private func target(_ link: String) throws -> String {
        try FileManager.default.destinationOfSymbolicLink(atPath: link)
    }

    @Test func `a complete run is published and becomes the latest`() async throws {
        try await withTemporaryDirectory { path in
            let directory = OutputDirectory(path + "/out")
            var run = SampleRun(rows: SnapshotRow.complete)
            run.add(duplicates: 1, rejected: [(2, "blank", [], 1)])
            let published = try run.publishAsJob(in: directory)

            let id = "20261121T231500Z-7f3a"
            #expect(published.path == directory.path + "/" + id)
            #expect(try names(in: directory.path) == [".work", id, "history.csv", "latest"])
            #expect(try names(in: directory.path + "/.work") == [])
            #expect(try target(directory.latest) == id)
            let files = ["rejected.csv", "snapshot.json.gz", "subscribers.csv.gz", "summary.json"]
            #expect(try names(in: published.path) == files)
            #expect(try mode(published.path) == 0o750)
            for file in files { #expect(try mode(published.path + "/" + file) == 0o640) }
            #expect(try mode(directory.history) == 0o640)
            #expect(published.summary.run.complete)
            #expect(published.summary.run.exitCode == 0)
            #expect(published.summary.run.finishedAt == SampleRun.finishedAt)
            #expect(published.summary.counts.online == 2)
            #expect(published.summary.counts.unavailable == 2)
            #expect(published.files.map(\.rows) == [6, 6, 1])
        }
    }

    /// The checker reads gzip, CSV and JSON with Python's own modules, recomputes all sums, and compares both files.
    @Test func `an independent checker finds the published snapshots sound`() async throws {
        var random = SeededRandom(seed: 31)
        for (count, definite) in [(0, true), (1, true), (2_500, true), (700, false)] {
            try await withTemporaryDirectory { path in
                var run = SampleRun(
                    rows: SnapshotRow.random(count, of: SnapshotRow.printable, definite: definite, using: &random))
                if count > 1 {
                    run.add(duplicates: 17, rejected: [(3, "bad_utf8", [0xFF, 0x2C, 0x0A], 1), (9, "blank", [], 3)])
                }
                let published = try run.publishAsJob(in: OutputDirectory(path))
                try write(run.rows.flatMap { $0.id + [0x0A] }, to: path + "/ids.txt")
                let result = try await Checkers.check(published.path, ids: path + "/ids.txt", sandbox: false)
                #expect(result.output == "sound: \(count) ids\n")
                #expect(result.error == "")
            }
        }
    }

    /// The process ended after the snapshot was in place and before its work was removed: the next run does the rest.
    @Test(arguments: [true, false])
    func `an interrupted publication is finished`(_ isComplete: Bool) async throws {
        try await withTemporaryDirectory { path in
            let directory = OutputDirectory(path)
            let run = SampleRun(rows: isComplete ? SnapshotRow.complete : SnapshotRow.everyOutcome)
            let published = try run.publishAsJob(in: directory)
            let history = try bytes(of: directory.history)
            try FileSystem.remove(directory.history)
            try FileSystem.remove(directory.latest)
            try directory.work.run(run.summary.run.id).create()
            try record(run).write(in: directory.work)
            if isComplete { try FileSystem.make(published.path + "-incomplete") }
            let unfinishedRuns = try unfinishedRuns(in: directory)
            #expect(unfinishedRuns.resumable.isEmpty)
            #expect(unfinishedRuns.warnings.isEmpty)
            #expect(try bytes(of: directory.history) == history)
            #expect(FileSystem.exists(directory.latest) == isComplete)
            #expect(!FileSystem.exists(published.path + "-incomplete") || !isComplete)
            #expect(try names(in: path + "/.work") == [])
            #expect(try Verification(of: published.path).findings == [])
        }
    }

    /// A run that stopped early published a partial result, and is resumed.
    @Test func `a run that stopped early can be resumed`() async throws {
        try await withTemporaryDirectory { path in
            let directory = OutputDirectory(path)
            var run = SampleRun(rows: SnapshotRow.everyOutcome)
            run.summary.run.resumed = 0
            try directory.work.run(run.summary.run.id).create()
            run.formats = [.csv]
            let writer = run.writer(in: directory)
            let publication = Publication(output: directory, now: SampleRun.finishedAt)
            let rows = run.visitRows
            let published = try publication.publish(run.summary, writer, keepsWork: true, rows: rows) { _ in 75 }
            #expect(published.path.hasSuffix("-incomplete"))
            #expect(FileSystem.exists(directory.work.run(run.summary.run.id).path))
            try record(run).write(in: directory.work)
            var unfinishedRuns = try unfinishedRuns(in: directory)
            var again = try #require(unfinishedRuns.resumable.first)
            // A second early stop replaces the snapshot of the first; no other snapshot is replaced.
            again.summary.warnings = ["second"]
            #expect(throws: FileError.self) {
                try publication.publish(again.summary, writer, keepsWork: true, rows: rows) { _ in 75 }
            }
            again.summary.run.resumed = 1
            let second = try publication.publish(again.summary, writer, keepsWork: true, rows: rows) { _ in 143 }
            #expect(second.path == published.path)
            #expect(try SnapshotReader(second.path).summary.warnings == ["second"])
            #expect(second.warnings == [])
            #expect(try names(in: directory.work.run(run.summary.run.id).path) == ["run.json"])
            unfinishedRuns.discard(run.summary.run.id, because: "of a test")
            #expect(unfinishedRuns.resumable.isEmpty)
            #expect(
                unfinishedRuns.warnings == ["discarded unfinished run \(run.summary.run.id): of a test"]
            )
            #expect(try names(in: path + "/.work") == [])
        }
    }

    /// The user may edit the snapshot of an early stop; the work does not need it.
    @Test(arguments: ["", "{"]) func `a damaged snapshot of an early stop does not prevent resuming`(_ content: String)
        async throws
    {
        try await withTemporaryDirectory { path in
            let directory = OutputDirectory(path)
            let run = SampleRun(rows: SnapshotRow.everyOutcome)
            try directory.work.run(run.summary.run.id).create()
            try record(run).write(in: directory.work)
            let published = path + "/" + run.summary.run.id.description + "-incomplete"
            try FileSystem.make(published)
            if !content.isEmpty { try write(content, to: published + "/summary.json") }
            #expect(
                try unfinishedRuns(in: directory).resumable.map(\.run)
                    == [run.summary.run.id])
        }
    }

    @Test func `an incomplete run is marked and does not replace the latest`() async throws {
        try await withTemporaryDirectory { path in
            let directory = OutputDirectory(path)
            try SampleRun(rows: SnapshotRow.complete, salt: 1).publishAsJob(in: directory)
            let published = try SampleRun(rows: SnapshotRow.everyOutcome, salt: 2).publishAsJob(in: directory)
            #expect(published.path == path + "/20261121T231500Z-0002-incomplete")
            #expect(!published.summary.run.complete)
            #expect(published.summary.run.exitCode == 3)
            #expect(try target(directory.latest) == "20261121T231500Z-0001")
            #expect(
                try names(in: path) == [
                    ".work", "20261121T231500Z-0001", "20261121T231500Z-0002-incomplete", "history.csv", "latest",
                ])
        }
    }

    @Test func `an incomplete run alone creates no latest`() async throws {
        try await withTemporaryDirectory { path in
            let directory = OutputDirectory(path)
            try SampleRun(rows: SnapshotRow.everyOutcome).publishAsJob(in: directory)
            #expect(!FileSystem.exists(directory.latest))
        }
    }

    @Test func `publishing adds a row to the history`() async throws {
        try await withTemporaryDirectory { path in
            let directory = OutputDirectory(path)
            try SampleRun(rows: SnapshotRow.complete, salt: 1).publishAsJob(in: directory)
            try SampleRun(rows: SnapshotRow.everyOutcome, salt: 2).publishAsJob(in: directory)
            let program = """
                import csv, sys
                with open(sys.argv[1], encoding="utf-8", newline="") as file:
                    for row in csv.DictReader(file, strict=True):
                        print(row["run_id"], row["complete"], row["unique"], row["online"], row["unavailable"],
                            row["unresolved"], row["online_percent"], row["account_name"])
                """
            let result = try await Tool.python(program, [directory.history])
            #expect(
                result.output == """
                    20261121T231500Z-0001 true 6 2 2 0 33.33 Bot, "one"
                    20261121T231500Z-0002 false 19 1 1 15 5.26 Bot, "one"

                    """)
        }
    }
}

extension SampleRun {
    /// Publishes the run as a job does.
    @discardableResult
    func publishAsJob(in directory: OutputDirectory) throws -> PublishedSnapshot {
        try beginWork(in: directory)
        return try Publication(output: directory, now: SampleRun.finishedAt).publish(
            summary, writer(in: directory), rows: visitRows, exitCode: { $0.unresolved == 0 ? 0 : 3 })
    }
}
