import Foundation
import TestSupport
import Testing

/// A resumed run requests the ids that were read when it started.
@Suite(.needs("python3"), .needs("sqlite3")) struct ChangedSourceTests {
    private func run(
        _ source: String, in directory: String, of sandbox: SandboxHandle, arguments: [String] = [],
        under command: [String] = []
    ) async throws -> ToolResult {
        try await Program.takeRoll(
            [source, "--base-url", sandbox.url, "--rate", "0", "--concurrency", "1"] + arguments, in: directory,
            environment: ["VIBER_AUTH_TOKEN": Program.canary], under: command, ids: "list.csv.ids")
    }

    /// Stops a run after three requests, optionally changes the source, and resumes.
    private func resumed(
        _ source: String, change: Bool, arguments: [String] = []
    ) async throws -> (run: ToolResult, started: String) {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(1_000), to: directory + "/list.csv")
            _ = try await Tool.run("sqlite3", ["bot.sqlite", ".import --csv list.csv users"], in: directory)
            let sandbox = ["--latency", "100ms", "--try-later", "0", "--subscribers", "1000"]
            return try await Program.withSandbox(sandbox) { sandbox in
                let stopped = try await run(
                    source, in: directory, of: sandbox, under: StoppedRun.under(["SIGTERM"], after: 3, of: sandbox))
                #expect(stopped.code == 143, "\(stopped.error)")
                let started = try await StoppedRun.published(directory, "run.started_at")
                if change {
                    let statement = "DELETE FROM users WHERE rowid = 1000"
                    _ = try await Tool.run("sqlite3", ["bot.sqlite", statement], in: directory)
                    try write("id\n" + IDLists.made(900).map { $0 + "\n" }.joined(), to: directory + "/list.csv")
                }
                return (try await run(source, in: directory, of: sandbox, arguments: arguments), started)
            }
        }
    }

    @Test(arguments: ["list.csv", "bot.sqlite"]) func `a source that stayed is not mentioned`(_ source: String)
        async throws
    {
        let (run, started) = try await resumed(source, change: false)
        #expect(run.code == 0, "\(run.error)")
        #expect(run.error.contains("resuming run "), "\(run.error)")
        #expect(run.error.contains("started at \(started): ") && run.error.contains("of 1,000 ids have answers"))
        #expect(!run.error.contains("changed"), "\(run.error)")
    }

    @Test(arguments: ["list.csv", "bot.sqlite"]) func `a source that changed is a warning`(_ source: String)
        async throws
    {
        let (run, started) = try await resumed(source, change: true)
        #expect(run.code == 0, "\(run.error)")
        #expect(run.error.contains("\(source) has changed since run "), "\(run.error)")
        #expect(run.error.contains("read it at \(started)"), "\(run.error)")
    }

    @Test func `quiet prints nothing`() async throws {
        let (run, _) = try await resumed("list.csv", change: true, arguments: ["--quiet"])
        #expect(run.code == 0 && run.error == "" && run.output == "", "\(run.error)")
    }
}
