import Foundation
import TestSupport
import Testing

/// Runs that are stopped and resumed later.
@Suite(.needs("python3")) struct StopTests {
    /// Ten batches, one after the other, each of which takes a while.
    private func withSlowSandbox(
        _ body: (_ directory: String, _ sandbox: SandboxHandle) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(1_000), to: directory + "/list.csv")
            try await Program.withSandbox(["--latency", "100ms", "--try-later", "0"]) { sandbox in
                try await body(directory, sandbox)
            }
        }
    }

    private func run(
        _ arguments: [String] = [], in directory: String, of sandbox: SandboxHandle, under: [String] = []
    ) async throws -> ToolResult {
        try await Program.takeRoll(
            ["snapshot", "list.csv", "--base-url", sandbox.url, "--rate", "0", "--concurrency", "1"] + arguments,
            in: directory, environment: ["VIBER_AUTH_TOKEN": Program.canary], under: under, ids: "list.csv.ids")
    }

    @Test(arguments: [("SIGTERM", 143), ("SIGINT", 130), ("SIGHUP", 129)] as [(String, Int32)])
    func `a signal stops a run and the next one resumes it`(_ signal: String, _ code: Int32) async throws {
        try await withSlowSandbox { directory, sandbox in
            let stopped = try await run(
                in: directory, of: sandbox, under: StoppedRun.under([signal], after: 3, of: sandbox))
            #expect(stopped.code == code, "\(stopped.error)")
            #expect(stopped.error.contains("stopped: a signal was received"))
            #expect(stopped.error.contains("Run again to resume"))
            let asked = try #require(try await sandbox.statistics()["get_online"])
            #expect(asked < 10)
            let first = try StoppedRun.names(directory)
            #expect(first.runs.count == 1)

            let ended = try await run(in: directory, of: sandbox)
            #expect(ended.code == 0, "\(ended.error)")
            #expect(try await sandbox.statistics()["get_online"] == 10)
            #expect(try await StoppedRun.published(directory, "run.resumed") == "1")
            #expect(try await StoppedRun.published(directory, "api.requests") == "10")
            let last = try StoppedRun.names(directory)
            #expect(last.runs.map { $0 + "-incomplete" } == first.runs)
            #expect(last.work.isEmpty)
        }
    }

    /// The fourth and the eighth response are late, so that the deadline passes while the run waits for one of them.
    @Test func `the deadline stops a run and the next one resumes it`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(1_000), to: directory + "/list.csv")
            let late = ["--fault", "latency:7000@4", "--fault", "latency:7000@8", "--try-later", "0"]
            try await Program.withSandbox(late) { sandbox in
                let stopped = try await run(["--deadline", "5s"], in: directory, of: sandbox)
                #expect(stopped.code == 75, "\(stopped.error)")
                #expect(stopped.error.contains("the --deadline has passed"))
                // A second early stop replaces the snapshot of the first.
                let again = try await run(["--deadline", "5s"], in: directory, of: sandbox)
                #expect(again.code == 75, "\(again.error)")
                #expect(try await StoppedRun.published(directory, "run.resumed") == "1")
                let ended = try await run(in: directory, of: sandbox)
                #expect(ended.code == 0, "\(ended.error)")
                #expect(try await sandbox.statistics()["get_online"] == 10)
                #expect(try await StoppedRun.published(directory, "run.resumed") == "2")
            }
        }
    }

    /// A request without a response is cancelled after the grace period; the second signal does not wait for it.
    @Test func `a second signal ends the process at once`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(1_000), to: directory + "/list.csv")
            try await Program.withSandbox(["--fault", "hang@3", "--try-later", "0"]) { sandbox in
                let under = StoppedRun.under(["SIGTERM", "SIGTERM"], after: 3, of: sandbox)
                let stopped = try await Program.takeRoll(
                    ["list.csv", "--base-url", sandbox.url, "--rate", "0", "--concurrency", "1"], in: directory,
                    environment: ["VIBER_AUTH_TOKEN": Program.canary], under: under)
                #expect(stopped.code == 143)
                // A stop in order would have waited for the third request, and published.
                #expect(try StoppedRun.names(directory).runs == [])
                #expect(try StoppedRun.names(directory).work.count == 1)
                // Two responses were received; their ids are not requested again.
                let ended = try await run(in: directory, of: sandbox)
                #expect(ended.code == 0, "\(ended.error)")
                #expect(try await sandbox.statistics()["get_online"] == 3 + 8)
            }
        }
    }

    /// No id has been sent: nothing is left.
    @Test func `a signal while the source is read leaves nothing`() async throws {
        try await withTemporaryDirectory { directory in
            try await Program.withSandbox { sandbox in
                // The source is a pipe whose other end stays open: reading it never ends.
                let stopped = try await Tool.python(
                    """
                    import os, signal, subprocess, sys, time
                    os.chdir(sys.argv[1])
                    run = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stderr=subprocess.PIPE,
                        env={"VIBER_AUTH_TOKEN": "abc"})
                    run.stdin.write(b"id\\nabc\\n")
                    run.stdin.flush()
                    while not any(name.startswith("2") for _, names, _ in os.walk("reports/.work") for name in names):
                        time.sleep(0.01)  # poll until it has started
                    time.sleep(0.1)  # until it handles signals
                    run.send_signal(signal.SIGTERM)
                    print(run.wait(5), run.stderr.read().decode().strip(), sorted(os.listdir("reports/.work")))
                    """, [directory, Program.path, "-", "--base-url", sandbox.url])
                #expect(
                    stopped.output
                        == "143 viber-rollcall: stopped by a signal before any id was sent ['.lock']\n",
                    "\(stopped.error)")
                #expect(try await sandbox.statistics()["get_online"] == 0)
            }
        }
    }

    @Test func `signals without a meaning here are ignored`() async throws {
        try await withSlowSandbox { directory, sandbox in
            let under = StoppedRun.under(["SIGUSR1", "SIGPIPE"], after: 2, of: sandbox)
            let ended = try await run(in: directory, of: sandbox, under: under)
            #expect(ended.code == 0, "\(ended.error)")
        }
    }

    /// The deadline passes before the first id is sent: nothing is left.
    @Test func `the deadline applies to the first call too`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(10), to: directory + "/list.csv")
            try await Program.withSandbox(["--fault", "account:hang"]) { sandbox in
                let stopped = try await Program.takeRoll(
                    ["list.csv", "--base-url", sandbox.url, "--deadline", "300ms"], in: directory,
                    environment: ["VIBER_AUTH_TOKEN": Program.canary])
                #expect(stopped.code == 75, "\(stopped.error)")
                #expect(stopped.error.contains("the --deadline has passed"))
                #expect(try await sandbox.statistics()["get_online"] == 0)
            }
        }
    }
}
