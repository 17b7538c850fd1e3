import Foundation
import Model
import Sandbox
import TestSupport
import Testing

/// Results that no real list of subscribers gives: warnings after the run, in text, summary and page.
@Suite(.needs("python3")) struct UnlikelyResultTests {
    private static func unavailable(_ count: Int) -> [String] {
        Array(
            SampleIDs.ids(count * 10, seed: 9).filter { SimulatedStatus.status(of: $0.utf8) == .unavailable }.prefix(
                count))
    }

    private func run(
        _ arguments: [String], in directory: String, of sandbox: SandboxHandle, under command: [String] = []
    ) async throws -> ToolResult {
        try await Program.takeRoll(
            arguments + ["--base-url", sandbox.url, "--rate", "0", "--settle", "none"], in: directory,
            environment: ["VIBER_AUTH_TOKEN": Program.canary], under: command)
    }

    private func withList(
        _ ids: [String], subscribers: Int? = nil, _ body: (String, SandboxHandle) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(ids, to: directory + "/list.csv")
            let options = ["--try-later", "0", "--subscribers", "\(subscribers ?? ids.count)"]
            try await Program.withSandbox(options) { try await body(directory, $0) }
        }
    }

    @Test func `a list without a reachable id is reported everywhere`() async throws {
        let ids = Self.unavailable(120)
        try await withList(ids) { directory, sandbox in
            let warning = "no id is reachable: all 120 ids with an answer are unavailable"
            let text = try await run(["list.csv"], in: directory, of: sandbox)
            #expect(text.code == 0 && text.error.contains(warning), "\(text.error)")
            let json = try await run(["list.csv", "--json"], in: directory, of: sandbox)
            #expect(json.output.contains(warning), "\(json.output)")
            let summary = try bytes(of: directory + "/reports/latest/summary.json")
            #expect(String(decoding: summary, as: UTF8.self).contains(warning))
            let page = try await Program.run(["report", "--output", "-"], in: directory)
            #expect(page.output.contains(warning), "\(page.error)")
            // It is not a failure, so cron mails nothing.
            let quiet = try await run(["list.csv", "--quiet"], in: directory, of: sandbox)
            #expect(quiet.code == 0 && quiet.output == "" && quiet.error == "", "\(quiet.error)")
        }
    }

    @Test func `one reachable ID is enough`() async throws {
        let reachable = SampleIDs.ids(100).filter { SimulatedStatus.status(of: $0.utf8) == .online }.prefix(1)
        try await withList(Self.unavailable(120) + reachable) { directory, sandbox in
            let run = try await run(["list.csv"], in: directory, of: sandbox)
            #expect(run.code == 0 && run.error == "", "\(run.error)")
        }
    }

    @Test func `a run without answers does not report reachable IDs`() async throws {
        try await withList(Self.unavailable(120)) { directory, sandbox in
            let run = try await run(["list.csv", "--deadline", "1ms"], in: directory, of: sandbox)
            #expect(run.code != 0 && !run.error.contains("reachable"), "\(run.error)")
        }
    }

    @Test func `the count of Viber is not printed with quiet nor compared with a query`() async throws {
        try await withList(SampleIDs.ids(300), subscribers: 10) { directory, sandbox in
            _ = try await Tool.run(
                "sqlite3", [directory + "/bot.sqlite", ".import --csv list.csv users"], in: directory)
            let query = try await run(
                ["bot.sqlite", "--query", "SELECT id FROM users"], in: directory, of: sandbox)
            #expect(query.code == 0 && query.error == "", "\(query.error)")
            let poisoned = try await Program.withSandbox(["--subscribers", "10", "--poison", SampleIDs.ids(1)[0]]) {
                try await run(["list.csv", "--quiet"], in: directory, of: $0)
            }
            #expect(poisoned.code == 3 && !poisoned.error.contains("Viber counts"), "\(poisoned.error)")
        }
    }

    @Test func `a list of only new IDs is reported`() async throws {
        try await withList(SampleIDs.ids(2_000)) { directory, sandbox in
            _ = try await run(["list.csv"], in: directory, of: sandbox)
            let others = SampleIDs.ids(2_000, seed: 4)
            // One remaining id, after the first thousand, is enough.
            try IDLists.writeCSV(others + [SampleIDs.ids(2_000)[1_500]], to: directory + "/list.csv")
            let mixed = try await run(["list.csv"], in: directory, of: sandbox)
            #expect(mixed.code == 0 && mixed.error == "", "\(mixed.error)")
            try IDLists.writeCSV(SampleIDs.ids(2_000, seed: 5), to: directory + "/list.csv")
            let fresh = try await run(["list.csv"], in: directory, of: sandbox)
            #expect(fresh.code == 0 && fresh.error.contains("every id of list.csv is new since"), "\(fresh.error)")
        }
    }

    /// A result of some of the answers does not apply to all of them.
    @Test func `a resumed run is checked again`() async throws {
        let reachable = SampleIDs.ids(100).filter { SimulatedStatus.status(of: $0.utf8) == .online }.prefix(20)
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(Self.unavailable(300) + reachable, to: directory + "/list.csv")
            let options = ["--try-later", "0", "--subscribers", "10", "--latency", "200ms"]
            try await Program.withSandbox(options) { sandbox in
                let under = StoppedRun.under(["SIGTERM"], after: 2, of: sandbox)
                let stopped = try await run(
                    ["list.csv", "--concurrency", "1"], in: directory, of: sandbox, under: under)
                #expect(stopped.code == 143 && stopped.error.contains("no id is reachable"), "\(stopped.error)")
                let ended = try await run(["list.csv"], in: directory, of: sandbox)
                #expect(ended.code == 0 && ended.error.contains("resuming"), "\(ended.error)")
                #expect(!ended.error.contains("reachable"), "\(ended.error)")
                #expect(ended.error.components(separatedBy: "Viber counts").count == 2, "\(ended.error)")
            }
        }
    }
}
