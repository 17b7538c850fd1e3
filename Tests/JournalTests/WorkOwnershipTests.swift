import Files
import Foundation
import Glibc
import Model
import TestSupport
import Testing

@testable import Journal

/// Checks the owner and the mode of the work directory.
@Suite struct WorkOwnershipTests {
    private func lock(_ path: String) throws -> LockedWork {
        try WorkDirectory(in: path).lock(at: SampleRun.startedAt)
    }

    struct Obstacle: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var says: String
        /// Makes it in an output directory; `elsewhere` is a directory outside it.
        var make: @Sendable (_ output: String, _ elsewhere: String) throws -> Void
    }

    private static let obstacles = [
        Obstacle(testDescription: "work is a link", says: "it is a link") { output, elsewhere in
            try FileManager.default.createSymbolicLink(atPath: output + "/.work", withDestinationPath: elsewhere)
        },
        Obstacle(testDescription: "work is a file", says: "it is a file") { output, _ in
            try write("another program's", to: output + "/.work")
        },
        Obstacle(testDescription: "the lock is a link", says: "it is a link") { output, elsewhere in
            try FileSystem.make(output + "/.work")
            try FileManager.default.createSymbolicLink(
                atPath: output + "/.work/.lock", withDestinationPath: elsewhere + "/file")
        },
        Obstacle(testDescription: "the lock is another name of a file", says: "a file with a second name") {
            output, elsewhere in
            try FileSystem.make(output + "/.work")
            try #require(link(elsewhere + "/file", output + "/.work/.lock") == 0)
        },
        Obstacle(testDescription: "the lock is a pipe", says: "it is a pipe") { output, _ in
            try FileSystem.make(output + "/.work")
            try #require(mkfifo(output + "/.work/.lock", 0o600) == 0)
        },
        Obstacle(testDescription: "the lock is a directory", says: "it is a directory") { output, _ in
            try FileSystem.make(output + "/.work/.lock")
        },
    ]

    @Test(arguments: obstacles)
    func `a work directory or lock of another kind is refused and left as it is`(_ obstacle: Obstacle) async throws {
        try await withTemporaryDirectory { path in
            let (output, elsewhere) = (path + "/out", path + "/elsewhere")
            for directory in [output, elsewhere] { try FileSystem.make(directory) }
            try write("precious", to: elsewhere + "/file")
            try obstacle.make(output, elsewhere)
            let before = try FileManager.default.subpathsOfDirectory(atPath: path)
            let error = #expect(throws: FileError.self) { try lock(output) }
            #expect(error?.kind == .cannotCreate)
            #expect(error?.description.contains(obstacle.says) == true, "\(error?.description ?? "")")
            #expect(try FileManager.default.subpathsOfDirectory(atPath: path) == before)
            #expect(try bytes(of: elsewhere + "/file") == Array("precious".utf8))
        }
    }

    @Test(arguments: [0o770, 0o757, 0o777] as [mode_t])
    func `a mode that lets others write is reset and the work is not resumed`(_ mode: mode_t) async throws {
        try await withTemporaryDirectory { path in
            let directory = WorkDirectory(in: path)
            let run = SampleRun(rows: SnapshotRow.complete)
            try directory.run(run.summary.run.id).create()
            try RunRecord(summary: run.summary, key: "k", spoolSum: "0").write(in: directory)
            try #require(chmod(path + "/.work", mode) == 0)
            let work = try directory.lock(at: SampleRun.startedAt)
            #expect(FileStatus(at: path + "/.work")?.mode == 0o750)
            #expect(work.warnings.count == 1)
            #expect(work.warnings.first?.contains("its mode is now 0750") == true)
            let unfinishedRuns = try UnfinishedRuns(in: directory, work) { _ in nil }
            #expect(unfinishedRuns.resumable.isEmpty)
            #expect(unfinishedRuns.warnings.count == 1)
            #expect(unfinishedRuns.warnings.first?.hasSuffix("others could write in its directory") == true)
            withExtendedLifetime(work) {}
        }
    }

    /// With these modes not even the owner can use the directory.
    @Test(arguments: [0, 0o300, 0o500] as [mode_t]) func `a mode without permissions is reset`(_ mode: mode_t)
        async throws
    {
        try await withTemporaryDirectory { path in
            withExtendedLifetime(try lock(path)) {}
            try #require(chmod(path + "/.work", mode) == 0)
            let work = try lock(path)
            #expect(FileStatus(at: path + "/.work")?.mode == 0o750)
            #expect(work.warnings == [])
            withExtendedLifetime(work) {}
        }
    }

    /// Directories at the temporary names are reported before the first request.
    @Test func `a directory at a temporary name is reported`() async throws {
        try await withTemporaryDirectory { path in
            for name in ["history.csv", "latest"] { try FileSystem.make(path + "/.work/\(name)/deep") }
            let work = try lock(path)
            #expect(work.warnings.count == 2)
            #expect(work.warnings.allSatisfy { $0.hasSuffix("Move it away") })
            #expect(try FileSystem.list(path + "/.work") == [".lock", "history.csv", "latest"])
            withExtendedLifetime(work) {}
        }
    }

    /// A strict umask or the user left a mode without any permission, or with permissions for all users.
    @Test(arguments: [0, 0o666] as [mode_t]) func `the mode of the lock is reset`(_ mode: mode_t) async throws {
        try await withTemporaryDirectory { path in
            withExtendedLifetime(try lock(path)) {}
            try #require(chmod(path + "/.work/.lock", mode) == 0)
            for name in ["history.csv", "latest"] { try write("half", to: path + "/.work/" + name) }
            withExtendedLifetime(try lock(path)) {}
            #expect(FileStatus(at: path + "/.work/.lock")?.mode == 0o600)
            // Files that a process was writing when it ended are removed too.
            #expect(try FileSystem.list(path + "/.work") == [".lock"])
        }
    }

    @Test func `a work directory of its own is locked`() async throws {
        try await withTemporaryDirectory { path in
            for _ in 0..<2 {
                let work = try lock(path)
                #expect(work.warnings == [])
                #expect(FileStatus(at: path + "/.work")?.mode == 0o750)
                #expect(FileStatus(at: path + "/.work/.lock")?.linkCount == 1)
                #expect(throws: LockHeld.self) { try lock(path) }
                withExtendedLifetime(work) {}
            }
        }
    }

    /// As root, the program accepts files of the owner of the output directory, and of no other user.
    @Test(.enabled(if: geteuid() == 0 || Machine.isCI, "not root")) func `root accepts the work of the owner`()
        async throws
    {
        try await withTemporaryDirectory { path in
            let output = path + "/out"
            try FileSystem.make(output)
            try #require(chown(output, 65_534, 65_534) == 0)
            withExtendedLifetime(try lock(output)) {}
            for name in ["/.work", "/.work/.lock"] { #expect(FileStatus(at: output + name)?.owner == 65_534) }
            // Files of root that an earlier version left get the right owner.
            for name in ["/.work", "/.work/.lock"] { try #require(chown(output + name, 0, 0) == 0) }
            withExtendedLifetime(try lock(output)) {}
            for name in ["/.work", "/.work/.lock"] { #expect(FileStatus(at: output + name)?.owner == 65_534) }
            // The work of another user is left alone, and another user's work directory is refused.
            let run = SampleRun(rows: []).summary.run.id
            let foreign = WorkDirectory(in: output).run(run)
            try foreign.create()
            try write("ids", to: foreign.spool)
            try #require(chown(foreign.path, 1_234, 1_234) == 0)
            let work = try lock(output)
            let unfinishedRuns = try UnfinishedRuns(in: WorkDirectory(in: output), work) { _ in nil }
            #expect(unfinishedRuns.warnings.count == 1)
            #expect(unfinishedRuns.warnings.first?.contains("belongs to 1234: it is left as it is") == true)
            #expect(FileSystem.exists(foreign.spool))
            withExtendedLifetime(work) {}
            try #require(chown(output + "/.work", 1_234, 1_234) == 0)
            let error = #expect(throws: FileError.self) { try lock(output) }
            #expect(error?.description.contains("belongs to 1234") == true)
            #expect(error?.description.hasSuffix("chown -R \(Users.name(65_534)) \(output)") == true)
        }
    }
}
