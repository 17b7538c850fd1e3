import Files
import Model
import TestSupport
import Testing

@testable import Snapshots

/// Which runs decisions can be based on: as a table, and with snapshots on the disk.
@Suite struct UnusableRunTests {
    private static let start = SampleRun.startedAt
    private static let id = RunID(startedAt: start, salt: 0x7f3a)

    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var change: @Sendable (inout RunSummary.Run) -> Void = { _ in }
        var directory = id
        var isIncompleteDuplicate = false
        /// Seconds after the run started.
        var now: Int64 = 3_600
        var fault: UnusableRun.Fault?
    }

    private static func later(_ seconds: Int64) -> Timestamp {
        Timestamp(milliseconds: start.milliseconds + seconds * 1_000)
    }

    private static let other = RunID(startedAt: later(1), salt: 0x7f3a)

    private static let table = [
        Row(testDescription: "sound"),
        Row(testDescription: "it finished in the moment it started", change: { $0.finishedAt = start }),
        Row(
            testDescription: "of another version, and not successful",
            change: {
                $0.toolVersion = "9"; $0.exitCode = 75
            }),
        Row(testDescription: "in another directory", directory: other, fault: .copy(of: id)),
        Row(testDescription: "with another's id", change: { $0.id = other }, fault: .copy(of: other)),
        Row(testDescription: "twice", isIncompleteDuplicate: true, fault: .incompleteDuplicate),
        Row(
            testDescription: "it started a second after its id says", change: { $0.startedAt = later(1) },
            fault: .startDiffersFromID),
        Row(
            testDescription: "it finished before it started", change: { $0.finishedAt = later(-1) },
            fault: .finishedBeforeItStarted),
        Row(
            testDescription: "it finished five minutes from now", change: { $0.finishedAt = later(3_900) }),
        Row(
            testDescription: "it finished later than that", change: { $0.finishedAt = later(3_901) },
            fault: .finishedInTheFuture(later(3_901))),
        Row(testDescription: "five minutes ahead of the clock", change: { $0.finishedAt = start }, now: -300),
        Row(testDescription: "more than five minutes ahead", now: -301, fault: .startedInTheFuture(start)),
        Row(
            testDescription: "a copy from the future", change: { $0.id = other }, now: -90_000, fault: .copy(of: other)),
    ]

    @Test(arguments: table) func `the table holds`(_ row: Row) {
        var run = SampleRun(rows: []).summary.run
        run.id = Self.id
        run.startedAt = Self.start
        run.finishedAt = Self.later(60)
        row.change(&run)
        let fault = UnusableRun.Fault(
            run, in: row.directory, isIncompleteDuplicate: row.isIncompleteDuplicate, now: Self.later(row.now))
        #expect(fault == row.fault)
    }

    /// Publishes three runs, a day apart, and passes their directories to `body`.
    private func withRuns(_ body: (_ output: OutputDirectory, _ paths: [String]) throws -> Void) async throws {
        try await withTemporaryDirectory { path in
            let output = OutputDirectory(path)
            let paths = try (Int64(0)..<3).map { day in
                var run = SampleRun(rows: SnapshotRow.complete)
                run.summary.run.startedAt = Self.later(day * 86_400)
                run.summary.run.id = RunID(startedAt: run.summary.run.startedAt, salt: UInt64(day))
                return try run.publish(in: output).path
            }
            try body(output, paths)
        }
    }

    private static let now = later(4 * 86_400)

    @Test func `copies and damaged runs are left out with a warning`() async throws {
        try await withRuns { output, paths in
            // A run with the name of another; both forms of a run; a file; a name that is not a run id.
            let elsewhere = output.path + "/20261120T000000Z-aaaa"
            try FileSystem.make(elsewhere)
            for name in try FileSystem.list(paths[1]) {
                try write(bytes(of: paths[1] + "/" + name), to: elsewhere + "/" + name)
            }
            try FileSystem.make(paths[2] + "-incomplete")
            for name in try FileSystem.list(paths[2]) {
                try write(bytes(of: paths[2] + "/" + name), to: paths[2] + "-incomplete/" + name)
            }
            let file = output.path + "/20261119T000000Z-bbbb"
            try write("x", to: file)
            try FileSystem.make(output.path + "/20261119T000000Z-bbbb.bak")
            let runs = try PublishedRuns(in: output, now: Self.now)
            #expect(runs.snapshots.map(\.path) == paths)
            #expect(runs.unusable.map(\.path) == [file, elsewhere, paths[2] + "-incomplete"])
            #expect(runs.unusable.map(\.isDamaged) == [true, false, false])
            #expect(
                runs.unusable.dropFirst().map(\.fault)
                    == [.copy(of: runs.snapshots[1].summary.run.id), .incompleteDuplicate])
            // The later of the times in the name and in the summary.
            #expect(runs.unusable.map(\.startedAt).last == Self.later(2 * 86_400))
            #expect(runs.unusable.dropFirst().first?.startedAt == Self.later(86_400))
            #expect(runs.warnings.count == 3 && runs.warnings.allSatisfy { $0.contains(" is left out: ") })
            #expect(runs.unusable.worst?.path == file)
            #expect(throws: NoSuchRun.self) { try runs.named("20261120T000000Z-aaaa") }
            #expect(throws: DamagedSnapshot.self) { try runs.named("20261119T000000Z-bbbb") }
        }
    }

    /// Rows of another run with the same counts, and a missing file.
    @Test func `rows that do not match the summary are damage`() async throws {
        try await withRuns { output, paths in
            let rows = "/subscribers.csv.gz"
            var other = SampleRun(rows: SnapshotRow.complete.reversed())
            other.summary.run.startedAt = Self.later(3 * 86_400)
            other.summary.run.id = RunID(startedAt: other.summary.run.startedAt, salt: 9)
            let strange = try other.publish(in: output).path
            try write(bytes(of: strange + rows), to: paths[0] + rows)
            try FileSystem.removeFile(paths[1] + rows)
            for path in paths.prefix(2) {
                let error = #expect(throws: DamagedSnapshot.self) { try SnapshotReader(path).rows { _, _ in } }
                #expect(error?.description.hasPrefix("\(path) is damaged: ") == true)
            }
            var count = 0
            try SnapshotReader(paths[2]).rows { _, _ in count += 1 }
            #expect(count == SnapshotRow.complete.count)
        }
    }
}
