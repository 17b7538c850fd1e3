import Files
import Foundation
import Glibc
import Journal
import Model
import TestSupport
import Testing

@testable import Journal

/// What an earlier run left, as the next one finds it.
@Suite struct LeftoversTests {
    private func record(_ run: SampleRun) -> WorkRecord {
        WorkRecord(summary: run.summary, key: "[\"/a\",null]", spoolSum: "0abc", sourceState: "12.34 56")
    }

    /// As a run finds them of which no snapshot is published.
    private func leftovers(in directory: WorkDirectory) throws -> Leftovers {
        let work = try directory.lock(at: SampleRun.startedAt)
        defer { withExtendedLifetime(work) {} }
        return try Leftovers(in: directory, work) { _ in nil }
    }

    private func names(in path: String) throws -> [String] {
        try Directories.list(path).filter { $0 != ".lock" }
    }

    @Test func anUnfinishedRunIsFoundAsItWasKept() async throws {
        try await withTemporaryDirectory { path in
            let directory = WorkDirectory(in: path)
            var run = SampleRun(rows: SnapshotRow.everyOutcome)
            run.add(duplicates: 2, rejected: [(3, "blank", [], 1)])
            run.summary.run.resumed = 2
            try directory.run(run.summary.run.id).create()
            try record(run).write(in: directory)
            // Kept again, in place of the older one.
            run.summary.api.requests = 77
            try record(run).write(in: directory)
            let leftovers = try leftovers(in: directory)
            #expect(leftovers.notes == [])
            let found = try #require(leftovers.unfinished.first)
            #expect(leftovers.unfinished.count == 1)
            #expect(found.key == "[\"/a\",null]")
            #expect(found.spoolSum == "0abc")
            #expect(found.sourceState == "12.34 56")
            #expect(found.summary == run.summary)
        }
    }

    /// That of standard input, or of a record that version 0.1 kept.
    @Test func aRecordWithoutTheStateOfItsSourceIsFoundToo() async throws {
        try await withTemporaryDirectory { path in
            let directory = WorkDirectory(in: path)
            let run = SampleRun(rows: SnapshotRow.complete)
            try directory.run(run.summary.run.id).create()
            var record = record(run)
            record.sourceState = nil
            try record.write(in: directory)
            let found = try #require(try leftovers(in: directory).unfinished.first)
            #expect(found.sourceState == nil)
            #expect(found.summary == run.summary)
        }
    }

    @Test(arguments: [
        nil, "", "{", "[]", "{}", #"{"schema":"viber-rollcall/unfinished/2","key":"k","spool_sha256":"0"}"#,
        #"{"schema":"viber-rollcall/unfinished/1","key":"k","spool_sha256":"0"}"#,
        #"{"schema":"viber-rollcall/unfinished/1","key":"k","spool_sha256":"0","summary":{}}"#,
    ])
    func whatNobodyCanGoOnWithIsDroppedAndSaid(_ content: String?) async throws {
        try await withTemporaryDirectory { path in
            let directory = WorkDirectory(in: path)
            let run = SampleRun(rows: SnapshotRow.complete).summary.run.id
            try directory.run(run).create()
            try write("ids", to: directory.run(run).path + "/spool")
            if let content { try write(content, to: directory.run(run).path + "/run.json") }
            try Directories.make(path + "/.work/notes")
            let leftovers = try leftovers(in: directory)
            #expect(leftovers.unfinished.isEmpty)
            #expect(leftovers.notes.count == 1)
            #expect(leftovers.notes.first?.hasPrefix("what run \(run) had left unfinished was dropped: ") == true)
            // What is nobody's work stays.
            #expect(try names(in: path + "/.work") == ["notes"])
        }
    }

    @Test func theRecordOfAnotherRunIsNotTrusted() async throws {
        try await withTemporaryDirectory { path in
            let directory = WorkDirectory(in: path)
            let (one, other) = (SampleRun(rows: [], salt: 1), SampleRun(rows: [], salt: 2))
            for run in [one, other] { try directory.run(run.summary.run.id).create() }
            try record(one).write(in: directory)
            try Directories.copy(
                directory.run(one.summary.run.id).path + "/run.json",
                to: directory.run(other.summary.run.id).path + "/run.json")
            let leftovers = try leftovers(in: directory)
            #expect(leftovers.unfinished.map(\.run) == [one.summary.run.id])
            #expect(leftovers.notes.count == 1)
        }
    }

    /// What cannot be read now may be read later: nothing is dropped for it, and the run goes on.
    @Test func aRecordThatTheDiskDoesNotGiveIsLeftAlone() async throws {
        try await withTemporaryDirectory { path in
            let directory = WorkDirectory(in: path)
            let run = SampleRun(rows: SnapshotRow.complete).summary.run.id
            try Directories.make(directory.run(run).path + "/run.json")
            let leftovers = try leftovers(in: directory)
            #expect(leftovers.unfinished.isEmpty)
            #expect(leftovers.notes.count == 1)
            #expect(try names(in: path + "/.work") == [run.description])
            // A file that is there, and is not given: longer than any record.
            try Directories.remove(directory.run(run).path + "/run.json")
            try write("{", to: directory.run(run).path + "/run.json")
            try #require(truncate(directory.run(run).path + "/run.json", 1 << 25) == 0)
            let again = try self.leftovers(in: directory)
            #expect(again.unfinished.isEmpty)
            #expect(again.notes.count == 1)
            #expect(again.notes.first?.hasPrefix("the work of run \(run) is left as it is: cannot read ") == true)
            #expect(try names(in: path + "/.work") == [run.description])
        }
    }

    struct Stranger: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// Makes it; `elsewhere` is a directory outside, with a file.
        var make: @Sendable (_ run: RunDirectory, _ elsewhere: String) throws -> Void
    }

    private static let strangers = [
        Stranger(testDescription: "a link to a directory") { run, elsewhere in
            try FileManager.default.createSymbolicLink(atPath: run.path, withDestinationPath: elsewhere)
        },
        Stranger(testDescription: "a file") { run, _ in try write("somebody's", to: run.path) },
        Stranger(testDescription: "a published snapshot") { run, _ in
            try run.create()
            for name in ["summary.json", "subscribers.csv.gz"] { try write("x", to: run.path + "/" + name) }
        },
        Stranger(testDescription: "a file beside the work") { run, _ in
            try run.create()
            try write("ids", to: run.spool)
            try write("somebody's", to: run.path + "/notes.txt")
        },
        Stranger(testDescription: "a directory in a snapshot that was not published") { run, _ in
            try run.create()
            try Directories.make(run.staging + "/summary.json")
        },
        Stranger(testDescription: "a file in a snapshot that was moved aside") { run, _ in
            try run.create()
            try Directories.make(run.replaced)
            try write("somebody's", to: run.replaced + "/notes.txt")
        },
        Stranger(testDescription: "a link in place of the ids") { run, elsewhere in
            try run.create()
            try FileManager.default.createSymbolicLink(atPath: run.spool, withDestinationPath: elsewhere + "/spool")
        },
        Stranger(testDescription: "a link in place of a snapshot") { run, elsewhere in
            try run.create()
            try FileManager.default.createSymbolicLink(atPath: run.staging, withDestinationPath: elsewhere)
        },
    ]

    @Test(arguments: strangers) func whatNoRunMakesIsLeftAlone(_ stranger: Stranger) async throws {
        try await withTemporaryDirectory { path in
            let directory = WorkDirectory(in: path + "/out")
            let run = directory.run(SampleRun(rows: []).summary.run.id)
            try Directories.make(path + "/elsewhere")
            try write("precious", to: path + "/elsewhere/spool")
            try Directories.make(path + "/out/.work")
            try stranger.make(run, path + "/elsewhere")
            let before = try FileManager.default.subpathsOfDirectory(atPath: path)
            let leftovers = try leftovers(in: directory)
            #expect(leftovers.unfinished.isEmpty)
            #expect(leftovers.notes.count == 1, "\(leftovers.notes)")
            #expect(leftovers.notes.first?.hasSuffix("left as it is") == true)
            #expect(throws: FileError.self) { try run.remove() }
            let after = try FileManager.default.subpathsOfDirectory(atPath: path)
            #expect(after.filter { !$0.hasSuffix(".lock") } == before)
        }
    }

    /// Whatever looks like a run's name and is none.
    @Test func onlyNamesOfRunsAreLookedAt() async throws {
        try await withTemporaryDirectory { path in
            let names = [
                "20261121T231500Z-7f3a-incomplete", "20261121T231500Z-7F3A", "20261121T231500Z",
                "20261121T231500Z-zzzz",
            ]
            for name in names { try Directories.make(path + "/.work/" + name) }
            let leftovers = try leftovers(in: WorkDirectory(in: path))
            #expect(leftovers.notes == [])
            #expect(Set(try self.names(in: path + "/.work")) == Set(names))
        }
    }
}
