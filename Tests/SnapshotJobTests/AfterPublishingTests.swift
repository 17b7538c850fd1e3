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

/// When a snapshot is in place the run has succeeded: nothing about the history, `latest` or old work makes it fail.
@Suite struct AfterPublishingTests {
    struct Obstacle: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// Of the thing, in the output directory.
        var name: String
        var make: @Sendable (_ path: String) throws -> Void
    }

    private static let kinds: [(String, @Sendable (String) throws -> Void)] = [
        (
            "a directory",
            { path in
                try FileSystem.make(path + "/deep")
                try write("somebody's", to: path + "/deep/file")
            }
        ),
        ("a file", { try write("somebody's", to: $0) }),
        (
            "a link to a directory of somebody",
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

    /// It is told of, left as it is, and the run after it is gone puts all in order.
    @Test(arguments: obstacles) func `what is in the way is told of and the next run repairs`(_ obstacle: Obstacle)
        async throws
    {
        try await withTemporaryDirectory { path in
            let output = OutputDirectory(path)
            _ = try publish(run(0), in: output)
            let place = path + "/" + obstacle.name
            try FileSystem.remove(place)
            try obstacle.make(place)
            let before = (FileStatus(at: place), try FileManager.default.subpathsOfDirectory(atPath: path))
            let found = Publication(output: output, now: run(1).summary.run.startedAt).obstacles()
            #expect(found.count == 1)
            #expect(found.first?.contains(place) == true)
            let published = try publish(run(1), in: output)
            #expect(published.warnings == found)
            #expect(FileStatus(at: place) == before.0)
            let after = try FileManager.default.subpathsOfDirectory(atPath: path)
            #expect(Set(before.1).isSubset(of: after))
            #expect(try FileSystem.list(path + "/.work") == [])

            try FileSystem.remove(place)
            #expect(Publication(output: output, now: run(2).summary.run.startedAt).obstacles() == [])
            #expect(try publish(run(2), in: output).warnings == [])
            #expect(try History(at: output.history).rows.map(\.run) == (0...2).map { run($0).summary.run.id })
            #expect(FileSystem.destination(of: output.latest) == run(2).summary.run.id.description)
        }
    }

    /// A run that stopped has a row; if the row could not be written anew when the run was completed, the next run does it.
    @Test func `a row that is older than its snapshot is written anew`() async throws {
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

    /// A copy without links, or one of which somebody removed the run.
    @Test(arguments: ["", "20200101T000000Z-0000", "./20200101T000000Z-0000"])
    func `a link that is missing or leads to a run is made anew`(_ target: String) async throws {
        try await withTemporaryDirectory { path in
            let output = OutputDirectory(path)
            _ = try publish(run(0), in: output)
            try FileSystem.remove(output.latest)
            if !target.isEmpty {
                try FileManager.default.createSymbolicLink(atPath: output.latest, withDestinationPath: target)
            }
            #expect(Publication(output: output, now: SampleRun.startedAt).obstacles() == [])
            // Also by a run that is not the newest, as where the clock was set back.
            var earlier = run(0)
            let start = Timestamp(milliseconds: SampleRun.startedAt.milliseconds - 1_000)
            earlier.summary.run.id = RunID(startedAt: start, salt: 1)
            earlier.summary.run.startedAt = start
            #expect(try publish(earlier, in: output).warnings == [])
            #expect(FileSystem.destination(of: output.latest) == run(0).summary.run.id.description)
        }
    }

    /// A clock was wrong by more than five minutes: that run is not the newest, and stands in no history.
    @Test func `a run of the future is left out`() async throws {
        try await withTemporaryDirectory { path in
            let output = OutputDirectory(path)
            _ = try publish(run(9), in: output)
            try FileSystem.remove(output.history)
            #expect(FileSystem.destination(of: output.latest) == run(9).summary.run.id.description)
            let told = Publication(output: output, now: run(1).summary.run.startedAt).obstacles()
            #expect(told.count == 1)
            #expect(told.first?.hasSuffix("To remove it: rm -r \(path)/\(run(9).summary.run.id)") == true)
            #expect(try publish(run(1), in: output).warnings == [])
            #expect(FileSystem.destination(of: output.latest) == run(1).summary.run.id.description)
            #expect(try History(at: output.history).rows.map(\.run) == [run(1).summary.run.id])
            let runs = try PublishedRuns(in: output, now: run(1).summary.run.startedAt)
            #expect(runs.snapshots.map(\.summary.run.id) == [run(1).summary.run.id])
            #expect(runs.warnings.count == 1)
            #expect(runs.warnings.first?.hasSuffix("To remove it: rm -r \(path)/\(run(9).summary.run.id)") == true)
        }
    }

    /// What a person put into the snapshot of an early stop goes on in the snapshot that replaces it.
    @Test func `a persons files in an older form are kept`() async throws {
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

    /// Something that is no snapshot of the run has its name: never written over.
    @Test(arguments: ["a file", "a link"]) func `the name of a run is not taken`(_ what: String) async throws {
        try await withTemporaryDirectory { path in
            let output = OutputDirectory(path)
            let run = run(0)
            let place = output.published(run.summary.run.id, isWhole: false)
            if what == "a file" {
                try write("somebody's", to: place)
            } else {
                try FileSystem.make(path + "/other")
                try FileManager.default.createSymbolicLink(atPath: place, withDestinationPath: "other")
            }
            try run.beginWork(in: output)
            let before = FileStatus(at: place)
            #expect(throws: FileError.self) {
                try Publication(output: output, now: SampleRun.finishedAt).publish(
                    run.summary, run.writer(in: output), keepsWork: true, rows: run.visitRows, exitCode: { _ in 75 })
            }
            #expect(FileStatus(at: place) == before)
        }
    }

    /// Who looks at the log sees it before anything is sent; the exit code is that of a good run.
    @Test func `obstacles are told of before the first request`() async throws {
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
                let place = settings.output.path + "/" + name
                #expect(warnings.contains { $0.hasPrefix("warning: \(place) is a directory") })
                #expect(result.published.summary.warnings.contains { $0.hasPrefix("\(place) is a directory") })
            }
        }
    }
}
