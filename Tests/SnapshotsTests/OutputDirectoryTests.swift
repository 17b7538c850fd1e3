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
        for (code, name) in [(0, ""), (3, "-incomplete"), (75, "-incomplete")] as [(Int32, String)] {
            var run = RunSummary.Run(id: Self.run, startedAt: SampleRun.startedAt, toolVersion: "1")
            run.exitCode = code
            #expect(directory.published(run) == "/r/20261121T231500Z-00ab" + name)
        }
    }

    @Test func isMadeWithItsParentsWhenItIsTaken() async throws {
        try await withTemporaryDirectory { path in
            let directory = OutputDirectory(path + "/deep/out")
            let lock = try directory.take(holder: "one")
            #expect(try Directories.list(directory.path) == [".work"])
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
