import Foundation
import TestSupport
import Testing

/// When the work of an earlier run is gone on with, and when not.
@Suite(.needs("python3")) struct ResumeTests {
    /// A list of ten batches of which a first run has asked for some.
    private func withUnfinishedRun(
        sandbox arguments: [String] = [],
        _ body: (_ directory: String, _ sandbox: SandboxHandle, _ run: String) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(1_000), to: directory + "/list.csv")
            try await Program.withSandbox(["--latency", "100ms", "--try-later", "0"] + arguments) { sandbox in
                let under = StoppedRun.under(["SIGTERM"], after: 3, of: sandbox)
                let stopped = try await run(["list.csv"], in: directory, of: sandbox, under: under)
                try #require(stopped.code == 143, "\(stopped.error)")
                let run = try #require(try StoppedRun.names(directory).work.first)
                try await body(directory, sandbox, run)
            }
        }
    }

    private func run(
        _ arguments: [String], in directory: String, of sandbox: SandboxHandle, token: String = Program.canary,
        ids: String? = "list.csv.ids", under: [String] = []
    ) async throws -> ToolResult {
        try await Program.takeRoll(
            ["snapshot"] + arguments + ["--base-url", sandbox.url, "--rate", "0", "--concurrency", "1"], in: directory,
            environment: ["VIBER_AUTH_TOKEN": token], under: under, ids: ids)
    }

    /// Asks for all ten batches, although some were asked for, and says which run was dropped.
    private func expectAnew(
        _ arguments: [String] = ["list.csv"], why: String, in directory: String, of sandbox: SandboxHandle, run: String
    ) async throws {
        let before = try #require(try await sandbox.statistics()["get_online"])
        let ended = try await self.run(arguments, in: directory, of: sandbox)
        #expect(ended.code == 0, "\(ended.error)")
        #expect(ended.error.contains("what run \(run) had left unfinished was dropped: \(why)"), "\(ended.error)")
        #expect(try await sandbox.statistics()["get_online"] == before + 10)
        let names = try StoppedRun.names(directory)
        #expect(names.work.isEmpty)
        #expect(names.runs.count == 2)
        #expect(names.runs.contains(run + "-incomplete"))
    }

    @Test(arguments: [
        (["list.csv", "--fresh"], "--fresh was given"),
        (["list.csv", "--resume-within", "1ms"], "it began longer ago than --resume-within allows"),
        (["list.csv", "--column", "id"], "it was for another source, other options for it, or another API"),
        (["copy.csv"], "it was for another source, other options for it, or another API"),
    ])
    func workThatIsNotOursIsDroppedAndSaid(_ arguments: [String], _ why: String) async throws {
        try await withUnfinishedRun { directory, sandbox, run in
            try FileManager.default.copyItem(atPath: directory + "/list.csv", toPath: directory + "/copy.csv")
            try await expectAnew(arguments, why: why, in: directory, of: sandbox, run: run)
        }
    }

    @Test(arguments: [
        ("spool", "cut", "its list of ids is damaged"), ("spool", "flip", "its list of ids is damaged"),
        ("run.json", "cut", "run.json is damaged"), ("run.json", "version", "run.json is of another version"),
    ])
    func workThatIsDamagedIsDroppedAndSaid(_ file: String, _ damage: String, _ why: String) async throws {
        try await withUnfinishedRun { directory, sandbox, run in
            let path = directory + "/reports/.work/\(run)/\(file)"
            var content = try bytes(of: path)
            switch damage {
            case "cut": content.removeLast(5)
            case "version":
                content = Array(
                    String(decoding: content, as: UTF8.self).replacing("unfinished/1", with: "unfinished/2").utf8)
            default: content[content.count / 2] ^= 1
            }
            try write(content, to: path)
            try await expectAnew(why: why, in: directory, of: sandbox, run: run)
        }
    }

    /// Another base URL may be another API, though here it is the same machine by another name.
    @Test func workForAnotherBaseURLIsDroppedAndSaid() async throws {
        try await withUnfinishedRun { directory, sandbox, run in
            var other = sandbox
            other.url = sandbox.url.replacing("127.0.0.1", with: "localhost")
            try await expectAnew(
                why: "it was for another source, other options for it, or another API", in: directory, of: other,
                run: run)
        }
    }

    @Test func workOfAnotherAccountIsDroppedAndSaid() async throws {
        try await withUnfinishedRun { directory, sandbox, run in
            let path = directory + "/reports/.work/\(run)/run.json"
            let record = String(decoding: try bytes(of: path), as: UTF8.self)
            try #require(record.contains("pa:75346594275468546724"))
            try write(record.replacing("pa:75346594275468546724", with: "pa:1"), to: path)
            try await expectAnew(
                why: "it was for the account pa:1, and the token is now for pa:75346594275468546724", in: directory,
                of: sandbox, run: run)
        }
    }

    /// A token may be replaced by another of the same account.
    @Test func anotherTokenOfTheSameAccountGoesOn() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(1_000), to: directory + "/list.csv")
            let settings = ["--latency", "100ms", "--try-later", "0"]
            let (url, before) = try await Program.withSandbox(settings) { sandbox in
                let stopped = try await run(
                    ["list.csv"], in: directory, of: sandbox,
                    under: StoppedRun.under(["SIGTERM"], after: 3, of: sandbox))
                #expect(stopped.code == 143, "\(stopped.error)")
                return (sandbox.url, try #require(try await sandbox.statistics()["get_online"]))
            }
            let port = try #require(url.split(separator: ":").last)
            let other = "another-token-of-the-same-account"
            try await Program.withSandbox(settings + ["--port", String(port)], token: other) { sandbox in
                let ended = try await run(["list.csv"], in: directory, of: sandbox, token: other)
                #expect(ended.code == 0, "\(ended.error)")
                #expect(try await sandbox.statistics()["get_online"] == 10 - before)
                #expect(try await StoppedRun.published(directory, "run.resumed") == "1")
            }
        }
    }

    /// What an answer file lacks, or has damaged, is asked for; the rest is not.
    @Test(arguments: [0, 17, 3_000, 3_200 * 2 + 31, -1])
    func answersThatAreLostAreAskedForAgain(_ length: Int) async throws {
        try await withUnfinishedRun { directory, sandbox, run in
            let path = directory + "/reports/.work/\(run)/answers"
            let before = try #require(try await sandbox.statistics()["get_online"])
            try #require((2..<10).contains(before))
            var expected = 10
            if length < 0 {
                try FileManager.default.removeItem(atPath: path)
            } else {
                try write(try bytes(of: path).prefix(length), to: path)
                expected = (1_000 - min(length / 32, before * 100) + 99) / 100
            }
            let ended = try await self.run(["list.csv"], in: directory, of: sandbox)
            #expect(ended.code == 0, "\(ended.error)")
            #expect(try await sandbox.statistics()["get_online"] == before + expected)
            #expect(try await StoppedRun.published(directory, "run.resumed") == "1")
        }
    }

    @Test func aRecordWithABitTurnedIsNotTrusted() async throws {
        try await withUnfinishedRun { directory, sandbox, run in
            let path = directory + "/reports/.work/\(run)/answers"
            let before = try #require(try await sandbox.statistics()["get_online"])
            var content = try bytes(of: path)
            // A status, a time, a check sum, and the kind of three answers.
            for (record, byte) in [(5, 8), (6, 24), (7, 4), (8, 0)] { content[record * 32 + byte] ^= 4 }
            try write(content, to: path)
            let ended = try await self.run(["list.csv"], in: directory, of: sandbox)
            #expect(ended.code == 0, "\(ended.error)")
            #expect(try await sandbox.statistics()["ids"] == 1_000 + 4)
            #expect(try await sandbox.statistics()["get_online"] == before + (1_000 - before * 100 + 4 + 99) / 100)
        }
    }

    /// The list has changed since; the run goes on with the ids that it read then.
    @Test func aSourceThatChangedIsNotReadAgain() async throws {
        try await withUnfinishedRun { directory, sandbox, _ in
            try write("id\nanother\n", to: directory + "/list.csv")
            let ended = try await self.run(["list.csv"], in: directory, of: sandbox)
            #expect(ended.code == 0, "\(ended.error)")
            #expect(try await sandbox.statistics()["get_online"] == 10)
        }
    }

    /// Standard input is known by its ids.
    @Test(arguments: [true, false])
    func standardInputIsGoneOnWithIfItHoldsTheSameIds(_ isSame: Bool) async throws {
        try await withTemporaryDirectory { directory in
            let ids = IDLists.made(1_000)
            try IDLists.writeCSV(ids, to: directory + "/list.csv")
            let list = try bytes(of: directory + "/list.csv")
            try await Program.withSandbox(["--latency", "100ms", "--try-later", "0"]) { sandbox in
                let arguments = ["-", "--base-url", sandbox.url, "--rate", "0", "--concurrency", "1"]
                let environment = ["VIBER_AUTH_TOKEN": Program.canary]
                let stopped = try await Program.takeRoll(
                    arguments, in: directory, environment: environment, input: list,
                    under: StoppedRun.under(["SIGTERM"], after: 3, of: sandbox))
                #expect(stopped.code == 143, "\(stopped.error)")
                let before = try #require(try await sandbox.statistics()["get_online"])
                let ended = try await Program.takeRoll(
                    arguments, in: directory, environment: environment,
                    input: isSame ? list : Array("id\nanother\n".utf8))
                #expect(ended.code == 0, "\(ended.error)")
                #expect(try await sandbox.statistics()["get_online"] == (isSame ? 10 : before + 1))
                #expect(ended.error.contains("standard input holds other ids now") == !isSame)
            }
        }
    }

    /// A finished run leaves no work, even if ids have no answer.
    @Test func aFinishedRunIsNotGoneOnWith() async throws {
        try await withTemporaryDirectory { directory in
            let ids = IDLists.made(300)
            try IDLists.writeCSV(ids, to: directory + "/list.csv")
            try await Program.withSandbox(["--try-later", "0", "--poison", ids[7]]) { sandbox in
                let first = try await run(["list.csv", "--settle", "none"], in: directory, of: sandbox)
                #expect(first.code == 3, "\(first.error)")
                #expect(try StoppedRun.names(directory).work.isEmpty)
                let second = try await run(["list.csv", "--settle", "none"], in: directory, of: sandbox)
                #expect(second.code == 3, "\(second.error)")
                #expect(try StoppedRun.names(directory).runs.count == 2)
            }
        }
    }

    /// What is to be said of this process is said, whosever work it goes on with.
    @Test func aRunThatGoesOnSaysWhatIsWrongNow() async throws {
        try await withUnfinishedRun { directory, sandbox, _ in
            try write(Program.canary + "\n", to: directory + "/token")
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: directory + "/token")
            let ended = try await self.run(["list.csv", "--token-file", "token"], in: directory, of: sandbox)
            #expect(ended.code == 0, "\(ended.error)")
            #expect(ended.error.contains("can be read by everybody"), "\(ended.error)")
            #expect(try await StoppedRun.published(directory, "run.resumed") == "1")
        }
    }

    /// Work that turns out to be damaged is not dropped for a source that cannot be read.
    @Test func damagedWorkStaysUntilThereIsOther() async throws {
        try await withUnfinishedRun { directory, sandbox, run in
            let work = directory + "/reports/.work/\(run)"
            try write("VRSPOOL1", to: work + "/spool")
            try write("id\n\"never closed\n", to: directory + "/list.csv")
            let refused = try await self.run(["list.csv"], in: directory, of: sandbox, ids: nil)
            #expect(refused.code == 65, "\(refused.error)")
            #expect(FileManager.default.fileExists(atPath: work + "/answers"))
        }
    }

    /// A path may be written in many ways.
    @Test(arguments: ["./list.csv", "reports/../list.csv", "//list.csv"])
    func theSameFileIsTheSameSource(_ path: String) async throws {
        try await withUnfinishedRun { directory, sandbox, _ in
            let ended = try await self.run(
                [path.hasPrefix("//") ? directory + path : path], in: directory, of: sandbox)
            #expect(ended.code == 0, "\(ended.error)")
            #expect(try await sandbox.statistics()["get_online"] == 10)
        }
    }
}
