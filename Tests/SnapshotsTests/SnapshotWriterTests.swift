import Files
import Foundation
import Journal
import Model
import TestSupport
import Testing

@testable import Snapshots

@Suite(.needs("python3")) struct SnapshotWriterTests {
    private func names(in path: String) throws -> [String] { try FileSystem.list(path) }

    @Test func `the gzip header holds no time and no name`() async throws {
        try await withTemporaryDirectory { path in
            let published = try SampleRun(rows: SnapshotRow.complete).publish(in: OutputDirectory(path))
            for name in ["/subscribers.csv.gz", "/snapshot.json.gz"] {
                #expect(try bytes(of: published.path + name).prefix(10) == [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3])
            }
        }
    }

    @Test func `the same answers and times give the same bytes`() async throws {
        var random = SeededRandom(seed: 32)
        let run = SampleRun(rows: SnapshotRow.random(3_000, of: SnapshotRow.printable, definite: true, using: &random))
        try await withTemporaryDirectory { path in
            let one = try run.publish(in: OutputDirectory(path + "/one"))
            let two = try run.publish(in: OutputDirectory(path + "/two"))
            for name in ["/subscribers.csv.gz", "/snapshot.json.gz", "/summary.json"] {
                #expect(try bytes(of: one.path + name) == bytes(of: two.path + name))
            }
            var slower = run
            slower.publishing = 12_345.678
            let three = try slower.publish(in: OutputDirectory(path + "/three"))
            let (first, third) = (one.files, three.files)
            #expect(first[0] == third[0])  // the rows alone
            #expect(first[1].sha256 != third[1].sha256)
            #expect(first[1].bytes == third[1].bytes)
        }
    }

    @Test(arguments: [SnapshotFormat.csv, .json])
    func `writes only the requested formats`(_ format: SnapshotFormat) async throws {
        try await withTemporaryDirectory { path in
            var run = SampleRun(rows: SnapshotRow.complete)
            run.formats = [format]
            let published = try run.publish(in: OutputDirectory(path))
            let name = format == .csv ? "subscribers.csv.gz" : "snapshot.json.gz"
            #expect(try names(in: published.path) == [name, "summary.json"].sorted())
            #expect(published.files.map(\.name) == [name])
            #expect(try Verification(of: published.path).findings == [])
        }
    }

    @Test func `the returned JSON equals that of the summary`() async throws {
        try await withTemporaryDirectory { path in
            let published = try SampleRun(rows: SnapshotRow.complete).publish(in: OutputDirectory(path))
            let program = """
                import json, sys
                with open(sys.argv[1], encoding="utf-8") as file: written = json.load(file, object_pairs_hook=list)
                line = sys.stdin.read()
                print(json.loads(line, object_pairs_hook=list) == written, "\\n" in line)
                """
            let result = try await Tool.python(program, [published.path + "/summary.json"], input: published.json)
            #expect(result.output == "True False\n")
        }
    }

    @Test func `numbers that do not add up publish nothing`() async throws {
        try await withTemporaryDirectory { path in
            let directory = OutputDirectory(path)
            try SampleRun(rows: SnapshotRow.complete, salt: 1).publish(in: directory)
            for change: (inout RunSummary.Source) -> Void in [
                { $0.unique += 1 }, { $0.duplicates += 1 }, { $0.rowsRead += 1 }, { $0.accepted -= 1 },
            ] {
                var run = SampleRun(rows: SnapshotRow.complete, salt: 2)
                change(&run.summary.source)
                #expect(throws: BrokenInvariant.self) { try run.publish(in: directory) }
                #expect(try names(in: path) == [".work", "20261121T231500Z-0001"])
            }
        }
    }

    @Test func `rows are read once and a missing row publishes nothing`() async throws {
        try await withTemporaryDirectory { path in
            let directory = OutputDirectory(path)
            let run = SampleRun(rows: SnapshotRow.complete)
            try directory.work.run(run.summary.run.id).create()
            let writer = SnapshotWriter(directory, formats: [.csv]) {
                (publish: 0, total: 0, now: SampleRun.finishedAt)
            }
            var walks = 0
            #expect(throws: BrokenInvariant.self) {
                try writer.publish(
                    run.summary,
                    rows: { visit in
                        walks += 1
                        for row in run.rows.dropLast() { try visit(row.id[...], row.entry) }
                    },
                    exitCode: { _ in 0 })
            }
            #expect(walks == 1)
            #expect(try names(in: path) == [".work"])
        }
    }

    @Test func `an existing snapshot is never overwritten`() async throws {
        try await withTemporaryDirectory { path in
            let directory = OutputDirectory(path)
            let first = try SampleRun(rows: SnapshotRow.complete).publish(in: directory)
            let before = try bytes(of: first.path + "/summary.json")
            let again = SampleRun(rows: [.answered("other", 0)])
            #expect(throws: FileError.self) { try again.publish(in: directory) }
            #expect(try bytes(of: first.path + "/summary.json") == before)
        }
    }

    @Test func `the staging directory of an earlier attempt is replaced`() async throws {
        try await withTemporaryDirectory { path in
            let directory = OutputDirectory(path)
            let run = SampleRun(rows: SnapshotRow.complete)
            let staging = directory.work.run(run.summary.run.id).staging
            try FileSystem.make(staging)
            try write("half", to: staging + "/subscribers.csv.gz")
            try write("other", to: staging + "/leftover")
            let published = try run.publish(in: directory)
            #expect(try names(in: published.path) == ["snapshot.json.gz", "subscribers.csv.gz", "summary.json"])
            #expect(try Verification(of: published.path).findings == [])
        }
    }
}
