import Files
import Foundation
import Glibc
import Journal
import Model
import TestSupport
import Testing

@testable import Journal

/// How a run handles the unfinished work of earlier runs.
@Suite struct UnfinishedRunsTests {
    private func record(_ run: SampleRun) -> RunRecord {
        RunRecord(summary: run.summary, key: "[\"/a\",null]", spoolSum: "0abc", sourceState: "12.34 56")
    }

    /// The unfinished runs, none of which has a published snapshot.
    private func unfinishedRuns(in directory: WorkDirectory) throws -> UnfinishedRuns {
        let work = try directory.lock(at: SampleRun.startedAt)
        defer { withExtendedLifetime(work) {} }
        return try UnfinishedRuns(in: directory, work) { _ in nil }
    }

    private func names(in path: String) throws -> [String] {
        try FileSystem.list(path).filter { $0 != ".lock" }
    }

    @Test func `an unfinished run is found as it was recorded`() async throws {
        try await withTemporaryDirectory { path in
            let directory = WorkDirectory(in: path)
            var run = SampleRun(rows: SnapshotRow.everyOutcome)
            run.add(duplicates: 2, rejected: [(3, "blank", [], 1)])
            run.summary.run.resumed = 2
            try directory.run(run.summary.run.id).create()
            try record(run).write(in: directory)
            // Written again, replacing the older record.
            run.summary.api.requests = 77
            try record(run).write(in: directory)
            let unfinishedRuns = try unfinishedRuns(in: directory)
            #expect(unfinishedRuns.warnings == [])
            let found = try #require(unfinishedRuns.resumable.first)
            #expect(unfinishedRuns.resumable.count == 1)
            #expect(found.key == "[\"/a\",null]")
            #expect(found.spoolSum == "0abc")
            #expect(found.sourceState == "12.34 56")
            #expect(found.summary == run.summary)
        }
    }

    /// A record for standard input, or one that version 0.1 wrote.
    @Test func `a record without the state of its source is found too`() async throws {
        try await withTemporaryDirectory { path in
            let directory = WorkDirectory(in: path)
            let run = SampleRun(rows: SnapshotRow.complete)
            try directory.run(run.summary.run.id).create()
            var record = record(run)
            record.sourceState = nil
            try record.write(in: directory)
            let found = try #require(try unfinishedRuns(in: directory).resumable.first)
            #expect(found.sourceState == nil)
            #expect(found.summary == run.summary)
        }
    }

    @Test(arguments: [
        nil, "", "{", "[]", "{}", #"{"schema":"viber-rollcall/unfinished/2","key":"k","spool_sha256":"0"}"#,
        #"{"schema":"viber-rollcall/unfinished/1","key":"k","spool_sha256":"0"}"#,
        #"{"schema":"viber-rollcall/unfinished/1","key":"k","spool_sha256":"0","summary":{}}"#,
    ])
    func `work that cannot be resumed is discarded with a warning`(_ content: String?) async throws {
        try await withTemporaryDirectory { path in
            let directory = WorkDirectory(in: path)
            let run = SampleRun(rows: SnapshotRow.complete).summary.run.id
            try directory.run(run).create()
            try write("ids", to: directory.run(run).path + "/spool")
            if let content { try write(content, to: directory.run(run).path + "/run.json") }
            try FileSystem.make(path + "/.work/notes")
            let unfinishedRuns = try unfinishedRuns(in: directory)
            #expect(unfinishedRuns.resumable.isEmpty)
            #expect(unfinishedRuns.warnings.count == 1)
            #expect(
                unfinishedRuns.warnings.first?.hasPrefix("discarded unfinished run \(run): ") == true)
            // A directory that is not the work of a run stays.
            #expect(try names(in: path + "/.work") == ["notes"])
        }
    }

    @Test func `the record of another run is not trusted`() async throws {
        try await withTemporaryDirectory { path in
            let directory = WorkDirectory(in: path)
            let (one, other) = (SampleRun(rows: [], salt: 1), SampleRun(rows: [], salt: 2))
            for run in [one, other] { try directory.run(run.summary.run.id).create() }
            try record(one).write(in: directory)
            try FileSystem.copy(
                directory.run(one.summary.run.id).path + "/run.json",
                to: directory.run(other.summary.run.id).path + "/run.json")
            let unfinishedRuns = try unfinishedRuns(in: directory)
            #expect(unfinishedRuns.resumable.map(\.run) == [one.summary.run.id])
            #expect(unfinishedRuns.warnings.count == 1)
        }
    }

    /// A file that cannot be read now may be readable later: nothing is discarded, and the run continues.
    @Test func `a record that cannot be read is left alone`() async throws {
        try await withTemporaryDirectory { path in
            let directory = WorkDirectory(in: path)
            let run = SampleRun(rows: SnapshotRow.complete).summary.run.id
            try FileSystem.make(directory.run(run).path + "/run.json")
            let unfinishedRuns = try unfinishedRuns(in: directory)
            #expect(unfinishedRuns.resumable.isEmpty)
            #expect(unfinishedRuns.warnings.count == 1)
            #expect(try names(in: path + "/.work") == [run.description])
            // A file that exists and cannot be read: it is longer than any record.
            try FileSystem.remove(directory.run(run).path + "/run.json")
            try write("{", to: directory.run(run).path + "/run.json")
            try #require(truncate(directory.run(run).path + "/run.json", 1 << 25) == 0)
            let again = try self.unfinishedRuns(in: directory)
            #expect(again.resumable.isEmpty)
            #expect(again.warnings.count == 1)
            #expect(again.warnings.first?.hasPrefix("the work of run \(run) is left as it is: cannot read ") == true)
            #expect(try names(in: path + "/.work") == [run.description])
        }
    }

    struct ForeignEntry: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// Makes it; `elsewhere` is a directory outside the work directory, with a file.
        var make: @Sendable (_ run: RunDirectory, _ elsewhere: String) throws -> Void
    }

    private static let foreign = [
        ForeignEntry(testDescription: "a link to a directory") { run, elsewhere in
            try FileManager.default.createSymbolicLink(atPath: run.path, withDestinationPath: elsewhere)
        },
        ForeignEntry(testDescription: "a file") { run, _ in try write("another program's", to: run.path) },
        ForeignEntry(testDescription: "a published snapshot") { run, _ in
            try run.create()
            for name in ["summary.json", "subscribers.csv.gz"] { try write("x", to: run.path + "/" + name) }
        },
        ForeignEntry(testDescription: "a file beside the work") { run, _ in
            try run.create()
            try write("ids", to: run.spool)
            try write("another program's", to: run.path + "/notes.txt")
        },
        ForeignEntry(testDescription: "a directory in a snapshot that was not published") { run, _ in
            try run.create()
            try FileSystem.make(run.staging + "/summary.json")
        },
        ForeignEntry(testDescription: "a file in a snapshot that was moved aside") { run, _ in
            try run.create()
            try FileSystem.make(run.replaced)
            try write("another program's", to: run.replaced + "/notes.txt")
        },
        ForeignEntry(testDescription: "a link in place of the ids") { run, elsewhere in
            try run.create()
            try FileManager.default.createSymbolicLink(atPath: run.spool, withDestinationPath: elsewhere + "/spool")
        },
        ForeignEntry(testDescription: "a link in place of a snapshot") { run, elsewhere in
            try run.create()
            try FileManager.default.createSymbolicLink(atPath: run.staging, withDestinationPath: elsewhere)
        },
    ]

    @Test(arguments: foreign)
    func `files that no run makes are left alone`(_ foreign: ForeignEntry) async throws {
        try await withTemporaryDirectory { path in
            let directory = WorkDirectory(in: path + "/out")
            let run = directory.run(SampleRun(rows: []).summary.run.id)
            try FileSystem.make(path + "/elsewhere")
            try write("precious", to: path + "/elsewhere/spool")
            try FileSystem.make(path + "/out/.work")
            try foreign.make(run, path + "/elsewhere")
            let before = try FileManager.default.subpathsOfDirectory(atPath: path)
            let unfinishedRuns = try unfinishedRuns(in: directory)
            #expect(unfinishedRuns.resumable.isEmpty)
            #expect(unfinishedRuns.warnings.count == 1, "\(unfinishedRuns.warnings)")
            #expect(unfinishedRuns.warnings.first?.hasSuffix("left as it is") == true)
            #expect(throws: FileError.self) { try run.remove() }
            let after = try FileManager.default.subpathsOfDirectory(atPath: path)
            #expect(after.filter { !$0.hasSuffix(".lock") } == before)
        }
    }

    /// Names that look like the name of a run and are not one.
    @Test func `only directories named like a run are read`() async throws {
        try await withTemporaryDirectory { path in
            let names = [
                "20261121T231500Z-7f3a-incomplete", "20261121T231500Z-7F3A", "20261121T231500Z",
                "20261121T231500Z-zzzz",
            ]
            for name in names { try FileSystem.make(path + "/.work/" + name) }
            let unfinishedRuns = try unfinishedRuns(in: WorkDirectory(in: path))
            #expect(unfinishedRuns.warnings == [])
            #expect(Set(try self.names(in: path + "/.work")) == Set(names))
        }
    }
}
