import Files
import Foundation
import Glibc
import History
import Journal
import Model
import Snapshots
import TestSupport
import Testing

import enum SnapshotJob.ExitStatus

@testable import SnapshotJob

/// A run has succeeded when its snapshot is in place: no problem with the history, `latest` or old work makes it fail.
@Suite struct AfterPublishingTests {
    struct Obstacle: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// The name of the obstacle in the output directory.
        var name: String
        var make: @Sendable (_ path: String) throws -> Void
    }

    private static let kinds: [(String, @Sendable (String) throws -> Void)] = [
        (
            "a directory",
            { path in
                try FileSystem.make(path + "/deep")
                try write("the user's", to: path + "/deep/file")
            }
        ),
        ("a file", { try write("the user's", to: $0) }),
        (
            "a link to another directory",
            { path in
                try FileSystem.make(path + ".target")
                try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: path + ".target")
            }
        ),
        (
            "a link to a run elsewhere",
            { try FileManager.default.createSymbolicLink(atPath: $0, withDestinationPath: "../20200101T000000Z-0000") }
        ),
        ("a dangling link", { try FileManager.default.createSymbolicLink(atPath: $0, withDestinationPath: "nowhere") }),
        ("a pipe", { path in try #require(mkfifo(path, 0o600) == 0) }),
    ]

    private static let obstacles = ["latest", "history.csv"].flatMap { name in
        kinds.map { Obstacle(testDescription: "\(name) is \($0.0)", name: name, make: $0.1) }
    }

    private func run(_ day: Int64) -> SampleRun {
        var run = SampleRun(rows: SnapshotRow.complete)
        let start = Timestamp(milliseconds: SampleRun.startedAt.milliseconds + day * 86_400_000)
        run.summary.run.id = RunID(startedAt: start, salt: UInt64(day))
        run.summary.run.startedAt = start
        return run
    }

    private func publish(_ run: SampleRun, in output: OutputDirectory) throws -> PublishedSnapshot {
        try run.beginWork(in: output)
        return try Publication(output: output, now: run.summary.run.startedAt).publish(
            run.summary, run.writer(in: output), rows: run.visitRows, exitCode: { _ in 0 })
    }

    /// It is reported and left unchanged. Once it is removed, the next run adds every row and creates the link.
    @Test(arguments: obstacles) func `an obstacle is reported and the next run repairs`(_ obstacle: Obstacle)
        async throws
    {
        try await withTemporaryDirectory { path in
            let output = OutputDirectory(path)
            _ = try publish(run(0), in: output)
            let obstaclePath = path + "/" + obstacle.name
            try FileSystem.remove(obstaclePath)
            try obstacle.make(obstaclePath)
            let before = (FileStatus(at: obstaclePath), try FileManager.default.subpathsOfDirectory(atPath: path))
            let found = Publication(output: output, now: run(1).summary.run.startedAt).obstacles()
            #expect(found.count == 1)
            #expect(found.first?.contains(obstaclePath) == true)
            let published = try publish(run(1), in: output)
            #expect(published.warnings == found)
            #expect(FileStatus(at: obstaclePath) == before.0)
            let after = try FileManager.default.subpathsOfDirectory(atPath: path)
            #expect(Set(before.1).isSubset(of: after))
            #expect(try FileSystem.list(path + "/.work") == [])

            try FileSystem.remove(obstaclePath)
            #expect(Publication(output: output, now: run(2).summary.run.startedAt).obstacles() == [])
            #expect(try publish(run(2), in: output).warnings == [])
            #expect(try History(at: output.history).rows.map(\.run) == (0...2).map { run($0).summary.run.id })
            #expect(FileSystem.destination(of: output.latest) == run(2).summary.run.id.description)
        }
    }

    /// A run that stopped has a row. If the row could not be replaced when the run was completed, the next run does it.
    @Test func `a row that is older than its snapshot is replaced`() async throws {
        try await withTemporaryDirectory { path in
            let output = OutputDirectory(path)
            let row =
                "20261121T231500Z-0000,2026-11-21T23:15:00Z,2026-11-21T23:15:01Z,false,subscribers.csv,6,1,0,0,0,1,4"
            _ = try publish(run(0), in: output)
            let header = String(decoding: try bytes(of: output.history), as: UTF8.self).prefix { $0 != "\n" }
            let whole = try bytes(of: output.history)
            try write("\(header)\n\(row)\n", to: output.history)
            #expect(try History(at: output.history).rows.map(\.complete) == [false])
            _ = try publish(run(1), in: output)
            #expect(try bytes(of: output.history).starts(with: whole))
        }
    }

    /// A copy of the directory without links, or one whose newest run was removed.
    @Test(arguments: ["", "20200101T000000Z-0000", "./20200101T000000Z-0000"])
    func `a link that is missing or leads to a run is replaced`(_ target: String) async throws {
        try await withTemporaryDirectory { path in
            let output = OutputDirectory(path)
            _ = try publish(run(0), in: output)
            try FileSystem.remove(output.latest)
            if !target.isEmpty {
                try FileManager.default.createSymbolicLink(atPath: output.latest, withDestinationPath: target)
            }
            #expect(Publication(output: output, now: SampleRun.startedAt).obstacles() == [])
            // A run that is not the newest repairs it as well, for example after the clock was set back.
            var earlier = run(0)
            let start = Timestamp(milliseconds: SampleRun.startedAt.milliseconds - 1_000)
            earlier.summary.run.id = RunID(startedAt: start, salt: 1)
            earlier.summary.run.startedAt = start
            #expect(try publish(earlier, in: output).warnings == [])
            #expect(FileSystem.destination(of: output.latest) == run(0).summary.run.id.description)
        }
    }

    /// The clock was wrong by more than five minutes: that run is not the newest, and is not in the history.
    @Test func `a run of the future is left out`() async throws {
        try await withTemporaryDirectory { path in
            let output = OutputDirectory(path)
            _ = try publish(run(9), in: output)
            try FileSystem.remove(output.history)
            #expect(FileSystem.destination(of: output.latest) == run(9).summary.run.id.description)
            let warnings = Publication(output: output, now: run(1).summary.run.startedAt).obstacles()
            #expect(warnings.count == 1)
            #expect(warnings.first?.hasSuffix("To remove it: rm -r \(path)/\(run(9).summary.run.id)") == true)
            #expect(try publish(run(1), in: output).warnings == [])
            #expect(FileSystem.destination(of: output.latest) == run(1).summary.run.id.description)
            #expect(try History(at: output.history).rows.map(\.run) == [run(1).summary.run.id])
            let runs = try PublishedRuns(in: output, now: run(1).summary.run.startedAt)
            #expect(runs.snapshots.map(\.summary.run.id) == [run(1).summary.run.id])
            #expect(runs.warnings.count == 1)
            #expect(runs.warnings.first?.hasSuffix("To remove it: rm -r \(path)/\(run(9).summary.run.id)") == true)
        }
    }

    /// A user's files in the snapshot of an early stop move to the snapshot that replaces it.
    @Test func `a users files in an incomplete snapshot are kept`() async throws {
        try await withTemporaryDirectory { path in
            let output = OutputDirectory(path)
            var run = run(0)
            run.summary.run.resumed = 0
            try run.beginWork(in: output)
            let publication = Publication(output: output, now: SampleRun.finishedAt)
            let stopped = try publication.publish(
                run.summary, run.writer(in: output), keepsWork: true, rows: run.visitRows, exitCode: { _ in 75 })
            try write("why it stopped", to: stopped.path + "/notes.txt")
            try FileSystem.make(stopped.path + "/mail")
            run.summary.run.resumed = 1
            let again = try publication.publish(
                run.summary, run.writer(in: output), keepsWork: true, rows: run.visitRows, exitCode: { _ in 143 })
            #expect(again.path == stopped.path && again.warnings == [])
            #expect(try FileSystem.list(again.path).contains("notes.txt"))
            let whole = try publication.publish(
                run.summary, run.writer(in: output), rows: run.visitRows, exitCode: { _ in 0 })
            #expect(whole.warnings == [])
            #expect(try bytes(of: whole.path + "/notes.txt") == Array("why it stopped".utf8))
            #expect(FileSystem.isDirectory(whole.path + "/mail"))
            #expect(!FileSystem.exists(stopped.path))
            #expect(try FileSystem.list(path + "/.work") == [])
        }
    }

    /// Something that is not a snapshot of the run has its name: it is never overwritten.
    @Test(arguments: ["a file", "a link"]) func `a file or link with the name of a run is not replaced`(_ what: String)
        async throws
    {
        try await withTemporaryDirectory { path in
            let output = OutputDirectory(path)
            let run = run(0)
            let takenPath = output.published(run.summary.run.id, isWhole: false)
            if what == "a file" {
                try write("the user's", to: takenPath)
            } else {
                try FileSystem.make(path + "/other")
                try FileManager.default.createSymbolicLink(atPath: takenPath, withDestinationPath: "other")
            }
            try run.beginWork(in: output)
            let before = FileStatus(at: takenPath)
            #expect(throws: FileError.self) {
                try Publication(output: output, now: SampleRun.finishedAt).publish(
                    run.summary, run.writer(in: output), keepsWork: true, rows: run.visitRows, exitCode: { _ in 75 })
            }
            #expect(FileStatus(at: takenPath) == before)
        }
    }

    /// The log shows them before anything is sent; the exit code is that of a complete run.
    @Test func `obstacles are reported before the first request`() async throws {
        try await JobHarness.with { harness in
            try harness.writeList(120)
            for name in ["latest", "history.csv"] { try FileSystem.make(harness.directory + "/reports/" + name) }
            let settings = try harness.settings()
            let log = JobLog()
            let result = try await harness.run(settings, log: log)
            #expect(result.status == .complete)
            let warnings = log.lines.filter { $0.contains("is a directory") }
            #expect(warnings.count == 2, "\(log.lines)")
            #expect(Array(log.lines.prefix(2)) == warnings)
            for name in ["latest", "history.csv"] {
                let obstaclePath = settings.output.path + "/" + name
                #expect(warnings.contains { $0.hasPrefix("warning: \(obstaclePath) is a directory") })
                #expect(result.published.summary.warnings.contains { $0.hasPrefix("\(obstaclePath) is a directory") })
            }
        }
    }
}
