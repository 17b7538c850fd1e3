import Files
import Foundation
import Model
import TestSupport
import Testing

@testable import Snapshots

@Suite(.needs("python3")) struct SnapshotWriterTests {
    private func names(in path: String) throws -> [String] { try Directories.list(path) }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    private func target(_ link: String) throws -> String {
        try FileManager.default.destinationOfSymbolicLink(atPath: link)
    }

    @Test func aCompleteRunIsPublishedAndBecomesTheLatest() async throws {
        try await withTemporaryDirectory { path in
            let directory = OutputDirectory(path + "/out")
            var run = SampleRun(rows: SnapshotRow.complete)
            run.add(duplicates: 1, rejected: [(2, "blank", [], 1)])
            let published = try run.publish(in: directory)

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
    @Test func anIndependentCheckerFindsThePublishedSnapshotsSound() async throws {
        var random = SeededRandom(seed: 31)
        for (count, definite) in [(0, true), (1, true), (2_500, true), (700, false)] {
            try await withTemporaryDirectory { path in
                var run = SampleRun(
                    rows: SnapshotRow.random(count, of: SnapshotRow.printable, definite: definite, using: &random))
                if count > 1 {
                    run.add(duplicates: 17, rejected: [(3, "bad_utf8", [0xFF, 0x2C, 0x0A], 1), (9, "blank", [], 3)])
                }
                let published = try run.publish(in: OutputDirectory(path))
                try write(run.rows.flatMap { $0.id + [0x0A] }, to: path + "/ids.txt")
                let result = try await Checkers.check(published.path, ids: path + "/ids.txt", sandbox: false)
                #expect(result.output == "sound: \(count) ids\n")
                #expect(result.error == "")
            }
        }
    }

    @Test func theGzipHeaderHoldsNoTimeAndNoName() async throws {
        try await withTemporaryDirectory { path in
            let published = try SampleRun(rows: SnapshotRow.complete).publish(in: OutputDirectory(path))
            for name in ["/subscribers.csv.gz", "/snapshot.json.gz"] {
                #expect(try bytes(of: published.path + name).prefix(10) == [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3])
            }
        }
    }

    @Test func theSameAnswersAndTimesGiveTheSameBytes() async throws {
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

    @Test func aRunWithoutEveryAnswerIsMarkedAndTheLatestStays() async throws {
        try await withTemporaryDirectory { path in
            let directory = OutputDirectory(path)
            try SampleRun(rows: SnapshotRow.complete, salt: 1).publish(in: directory)
            let published = try SampleRun(rows: SnapshotRow.everyOutcome, salt: 2).publish(in: directory)
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

    @Test func anIncompleteRunAloneLeavesNoLatest() async throws {
        try await withTemporaryDirectory { path in
            let directory = OutputDirectory(path)
            try SampleRun(rows: SnapshotRow.everyOutcome).publish(in: directory)
            #expect(!Directories.exists(directory.latest))
        }
    }

    @Test(arguments: [SnapshotFormat.csv, .json])
    func writesOnlyTheFormatsAskedFor(_ format: SnapshotFormat) async throws {
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

    @Test func theJSONHandedBackIsThatOfTheSummary() async throws {
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

    @Test func numbersThatDoNotAddUpPublishNothing() async throws {
        try await withTemporaryDirectory { path in
            let directory = OutputDirectory(path)
            try SampleRun(rows: SnapshotRow.complete, salt: 1).publish(in: directory)
            let before = try bytes(of: directory.history)
            for change: (inout RunSummary.Source) -> Void in [
                { $0.unique += 1 }, { $0.duplicates += 1 }, { $0.rowsRead += 1 }, { $0.accepted -= 1 },
            ] {
                var run = SampleRun(rows: SnapshotRow.complete, salt: 2)
                change(&run.summary.source)
                #expect(throws: BrokenInvariant.self) { try run.publish(in: directory) }
                #expect(try names(in: path) == [".work", "20261121T231500Z-0001", "history.csv", "latest"])
                #expect(try target(directory.latest) == "20261121T231500Z-0001")
                #expect(try bytes(of: directory.history) == before)
            }
        }
    }

    @Test func rowsAreWalkedOnceAndOneTooFewPublishesNothing() async throws {
        try await withTemporaryDirectory { path in
            let directory = OutputDirectory(path)
            let run = SampleRun(rows: SnapshotRow.complete)
            try directory.beginWork(run.summary.run.id)
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

    @Test func aSnapshotThatIsThereIsNeverWrittenOver() async throws {
        try await withTemporaryDirectory { path in
            let directory = OutputDirectory(path)
            let first = try SampleRun(rows: SnapshotRow.complete).publish(in: directory)
            let before = try bytes(of: first.path + "/summary.json")
            let again = SampleRun(rows: [.answered("other", 0)])
            #expect(throws: FileError.self) { try again.publish(in: directory) }
            #expect(try bytes(of: first.path + "/summary.json") == before)
        }
    }

    @Test func whatAnEarlierAttemptStagedIsReplaced() async throws {
        try await withTemporaryDirectory { path in
            let directory = OutputDirectory(path)
            let run = SampleRun(rows: SnapshotRow.complete)
            let staging = directory.staging(of: run.summary.run.id)
            try Directories.make(staging)
            try write("half", to: staging + "/subscribers.csv.gz")
            try write("other", to: staging + "/leftover")
            let published = try run.publish(in: directory)
            #expect(try names(in: published.path) == ["snapshot.json.gz", "subscribers.csv.gz", "summary.json"])
            #expect(try Verification(of: published.path).findings == [])
        }
    }
}
