import Files
import Journal
import Model
import TestSupport
import Testing

@testable import Snapshots

@Suite struct OutputDirectoryTests {
    private static let run = RunID(startedAt: SampleRun.startedAt, salt: 0xab)

    @Test func `its names are the documented ones`() {
        let directory = OutputDirectory("/r")
        #expect(directory.latest == "/r/latest")
        #expect(directory.history == "/r/history.csv")
        #expect(directory.work.run(Self.run).path == "/r/.work/20261121T231500Z-00ab")
        for (code, name) in [(0, ""), (3, "-incomplete"), (75, "-incomplete")] as [(Int32, String)] {
            var run = RunSummary.Run(id: Self.run, startedAt: SampleRun.startedAt, toolVersion: "1")
            run.exitCode = code
            #expect(directory.published(run) == "/r/20261121T231500Z-00ab" + name)
        }
    }

    @Test func `is made with its parents when it is locked`() async throws {
        try await withTemporaryDirectory { path in
            let directory = OutputDirectory(path + "/deep/out")
            let lock = try directory.work.lock(at: SampleRun.startedAt)
            #expect(try FileSystem.list(directory.path) == [".work"])
            withExtendedLifetime(lock) {}
        }
    }

    @Test func `removed work leaves nothing behind`() async throws {
        try await withTemporaryDirectory { path in
            let directory = OutputDirectory(path)
            try directory.work.run(Self.run).create()
            try write("ids", to: directory.work.run(Self.run).path + "/spool")
            try directory.work.run(Self.run).remove()
            #expect(try FileSystem.list(path + "/.work") == [])
        }
    }
}
