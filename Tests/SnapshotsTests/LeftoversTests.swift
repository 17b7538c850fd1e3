import Files
import Journal
import TestSupport
import Testing

@testable import Snapshots

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
            let directory = OutputDirectory(path)
            var run = SampleRun(rows: SnapshotRow.everyOutcome)
            run.add(duplicates: 2, rejected: [(3, "blank", [], 1)])
            run.summary.run.resumed = 2
            try directory.beginWork(run.summary.run.id)
            try record(run).write(in: directory)
            // Kept again, in place of the older one.
            run.summary.api.requests = 77
            try record(run).write(in: directory)
            let leftovers = try Leftovers(in: directory)
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
            let directory = OutputDirectory(path)
            let run = SampleRun(rows: SnapshotRow.complete)
            try directory.beginWork(run.summary.run.id)
            var record = record(run)
            record.sourceState = nil
            try record.write(in: directory)
            let found = try #require(try Leftovers(in: directory).unfinished.first)
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
            let directory = OutputDirectory(path)
            let run = SampleRun(rows: SnapshotRow.complete).summary.run.id
            try directory.beginWork(run)
            try write("ids", to: directory.work(of: run) + "/spool")
            if let content { try write(content, to: directory.work(of: run) + "/run.json") }
            try Directories.make(path + "/.work/notes")
            let leftovers = try Leftovers(in: directory)
            #expect(leftovers.unfinished.isEmpty)
            #expect(leftovers.notes.count == 1)
            #expect(leftovers.notes[0].hasPrefix("what run \(run) had left unfinished was dropped: "))
            // What is nobody's work stays.
            #expect(try names(in: path + "/.work") == ["notes"])
        }
    }

    @Test func theRecordOfAnotherRunIsNotTrusted() async throws {
        try await withTemporaryDirectory { path in
            let directory = OutputDirectory(path)
            let (one, other) = (SampleRun(rows: [], salt: 1), SampleRun(rows: [], salt: 2))
            for run in [one, other] { try directory.beginWork(run.summary.run.id) }
            try record(one).write(in: directory)
            try Directories.copy(
                directory.work(of: one.summary.run.id) + "/run.json",
                to: directory.work(of: other.summary.run.id) + "/run.json")
            let leftovers = try Leftovers(in: directory)
            #expect(leftovers.unfinished.map(\.run) == [one.summary.run.id])
            #expect(leftovers.notes.count == 1)
        }
    }

    /// The process ended when the snapshot was in place and its work not yet removed: what was to follow is done now.
    @Test(arguments: [true, false])
    func aPublicationThatWasCutOffIsFinished(_ isComplete: Bool) async throws {
        try await withTemporaryDirectory { path in
            let directory = OutputDirectory(path)
            let run = SampleRun(rows: isComplete ? SnapshotRow.complete : SnapshotRow.everyOutcome)
            let published = try run.publish(in: directory)
            let history = try bytes(of: directory.history)
            try Directories.remove(directory.history)
            try Directories.remove(directory.latest)
            try directory.beginWork(run.summary.run.id)
            try record(run).write(in: directory)
            if isComplete { try Directories.make(published.path + "-incomplete") }
            let leftovers = try Leftovers(in: directory)
            #expect(leftovers.unfinished.isEmpty)
            #expect(leftovers.notes.isEmpty)
            #expect(try bytes(of: directory.history) == history)
            #expect(Directories.exists(directory.latest) == isComplete)
            #expect(!Directories.exists(published.path + "-incomplete") || !isComplete)
            #expect(try names(in: path + "/.work") == [])
            #expect(try Verification(of: published.path).findings == [])
        }
    }

    /// A run that stopped early was published as far as it came, and is gone on with.
    @Test func aRunThatStoppedEarlyIsUnfinished() async throws {
        try await withTemporaryDirectory { path in
            let directory = OutputDirectory(path)
            var run = SampleRun(rows: SnapshotRow.everyOutcome)
            run.summary.run.resumed = 0
            try directory.beginWork(run.summary.run.id)
            let writer = SnapshotWriter(directory, formats: [.csv]) {
                (publish: 0, total: 0, now: SampleRun.finishedAt)
            }
            let rows: SnapshotWriter.Rows = { [run] visit in for row in run.rows { try visit(row.id[...], row.entry) } }
            let published = try writer.publish(run.summary, keepsWork: true, rows: rows) { _ in 75 }
            #expect(published.path.hasSuffix("-incomplete"))
            #expect(Directories.exists(directory.work(of: run.summary.run.id)))
            try record(run).write(in: directory)
            var leftovers = try Leftovers(in: directory)
            var again = try #require(leftovers.unfinished.first)
            // A second early stop replaces the snapshot of the first; nobody else's is replaced.
            again.summary.warnings = ["second"]
            #expect(throws: FileError.self) {
                try writer.publish(again.summary, keepsWork: true, rows: rows) { _ in 75 }
            }
            again.summary.run.resumed = 1
            let second = try writer.publish(again.summary, keepsWork: true, rows: rows) { _ in 143 }
            #expect(second.path == published.path)
            #expect(try SnapshotReader(second.path).summary.warnings == ["second"])
            #expect(try names(in: directory.work(of: run.summary.run.id)) == ["run.json"])
            try leftovers.drop(run.summary.run.id, because: "of a test")
            #expect(leftovers.unfinished.isEmpty)
            #expect(leftovers.notes == ["what run \(run.summary.run.id) had left unfinished was dropped: of a test"])
            #expect(try names(in: path + "/.work") == [])
        }
    }

    /// The snapshot of what was there at the stop is the user's to put hands on; the work does not need it.
    @Test(arguments: ["", "{"]) func aDamagedSnapshotOfAnEarlyStopIsNoObstacle(_ content: String) async throws {
        try await withTemporaryDirectory { path in
            let directory = OutputDirectory(path)
            let run = SampleRun(rows: SnapshotRow.everyOutcome)
            try directory.beginWork(run.summary.run.id)
            try record(run).write(in: directory)
            let published = path + "/" + run.summary.run.id.description + "-incomplete"
            try Directories.make(published)
            if !content.isEmpty { try write(content, to: published + "/summary.json") }
            #expect(try Leftovers(in: directory).unfinished.map(\.run) == [run.summary.run.id])
        }
    }

    /// What cannot be read now may be read later: nothing is dropped for it.
    @Test func aRecordThatTheDiskDoesNotGiveEndsTheRun() async throws {
        try await withTemporaryDirectory { path in
            let directory = OutputDirectory(path)
            let run = SampleRun(rows: SnapshotRow.complete).summary.run.id
            try Directories.make(directory.work(of: run) + "/run.json")
            #expect(throws: FileError.self) { try Leftovers(in: directory) }
            #expect(try names(in: path + "/.work") == [run.description])
        }
    }
}
