import Files
import Model
import TestSupport
import Testing

@testable import Snapshots

@Suite struct OutputDirectoryTests {
    private static let run = RunID(startedAt: SampleRun.startedAt, salt: 0xab)

    @Test func itsNamesAreThoseOfTheContract() {
        let directory = OutputDirectory("/r")
        #expect(directory.latest == "/r/latest")
        #expect(directory.history == "/r/history.csv")
        #expect(directory.work(of: Self.run) == "/r/.work/20261121T231500Z-00ab")
        #expect(directory.published(Self.run, suffix: "") == "/r/20261121T231500Z-00ab")
        #expect(
            directory.published(Self.run, suffix: RunID.incompleteSuffix) == "/r/20261121T231500Z-00ab-incomplete")
    }

    @Test func isMadeWithItsParentsWhenItIsTaken() async throws {
        try await withTemporaryDirectory { path in
            let directory = OutputDirectory(path + "/deep/out")
            let lock = try directory.take(holder: "one")
            #expect(try Directories.list(directory.path) == [".work"])
            withExtendedLifetime(lock) {}
        }
    }

    @Test func abandonedWorkIsDroppedAndNothingElse() async throws {
        try await withTemporaryDirectory { path in
            let directory = OutputDirectory(path)
            let lock = try directory.take(holder: "one")
            let other = RunID(startedAt: SampleRun.startedAt, salt: 1)
            for run in [Self.run, other] {
                try directory.beginWork(run)
                try Directories.make(directory.staging(of: run))
                try write("ids", to: directory.work(of: run) + "/spool")
            }
            try Directories.make(path + "/.work/notes")
            #expect(try directory.dropAbandonedWork() == [other, Self.run])
            #expect(try Directories.list(path + "/.work") == [".lock", "notes"])
            #expect(try directory.dropAbandonedWork() == [])
            withExtendedLifetime(lock) {}
        }
    }

    @Test func endedWorkIsGone() async throws {
        try await withTemporaryDirectory { path in
            let directory = OutputDirectory(path)
            try directory.beginWork(Self.run)
            try write("ids", to: directory.work(of: Self.run) + "/spool")
            try directory.endWork(Self.run)
            #expect(try Directories.list(path + "/.work") == [])
        }
    }
}
