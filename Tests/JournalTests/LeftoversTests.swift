import Files
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
            let leftovers = try Leftovers(in: directory) { _ in false }
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
            let found = try #require(try Leftovers(in: directory) { _ in false }.unfinished.first)
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
            let leftovers = try Leftovers(in: directory) { _ in false }
            #expect(leftovers.unfinished.isEmpty)
            #expect(leftovers.notes.count == 1)
            #expect(leftovers.notes[0].hasPrefix("what run \(run) had left unfinished was dropped: "))
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
            let leftovers = try Leftovers(in: directory) { _ in false }
            #expect(leftovers.unfinished.map(\.run) == [one.summary.run.id])
            #expect(leftovers.notes.count == 1)
        }
    }

    /// What cannot be read now may be read later: nothing is dropped for it.
    @Test func aRecordThatTheDiskDoesNotGiveEndsTheRun() async throws {
        try await withTemporaryDirectory { path in
            let directory = WorkDirectory(in: path)
            let run = SampleRun(rows: SnapshotRow.complete).summary.run.id
            try Directories.make(directory.run(run).path + "/run.json")
            #expect(throws: FileError.self) { try Leftovers(in: directory) { _ in false } }
            #expect(try names(in: path + "/.work") == [run.description])
        }
    }
}
