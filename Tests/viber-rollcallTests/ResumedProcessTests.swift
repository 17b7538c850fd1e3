import Foundation
import TestSupport
import Testing

/// A run that another process resumes: the parts that `ResumeTests` cannot test in one process.
@Suite(.needs("python3")) struct ResumedProcessTests {
    /// A list of ten batches, some of which a first run has requested.
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

    /// A token may be replaced by another of the same account.
    @Test func `another token of the same account resumes the run`() async throws {
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

    /// Standard input is identified by its ids.
    @Test(arguments: [true, false])
    func `standard input is resumed if it holds the same ids`(_ isSame: Bool) async throws {
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

    /// Warnings about this process are printed, also if it resumes the run of another one.
    @Test func `a resumed run warns about its own process`() async throws {
        try await withUnfinishedRun { directory, sandbox, _ in
            try write(Program.canary + "\n", to: directory + "/token")
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: directory + "/token")
            let ended = try await self.run(["list.csv", "--token-file", "token"], in: directory, of: sandbox)
            #expect(ended.code == 0, "\(ended.error)")
            #expect(ended.error.contains("can be read by everybody"), "\(ended.error)")
            #expect(try await StoppedRun.published(directory, "run.resumed") == "1")
        }
    }
}
