import Files
import Foundation
import TestSupport
import Testing

/// Signals that the parent made the program ignore, signals that it must handle, and a log that no process reads.
@Suite(.needs("python3")) struct IgnoredSignalTests {
    @Test(arguments: ["SIGHUP", "SIGINT", "SIGTERM"]) func `a signal that was ignored stays ignored`(_ signal: String)
        async throws
    {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(1_000), to: directory + "/list.csv")
            try await Program.withSandbox(["--latency", "50ms", "--try-later", "0"]) { sandbox in
                // As nohup does, and sh for a job started with &.
                let ignoring = [
                    "python3", "-c",
                    "import os, signal, sys; signal.signal(signal.\(signal), signal.SIG_IGN); os.execvp(sys.argv[1], sys.argv[1:])",
                ]
                let ended = try await Program.takeRoll(
                    ["list.csv", "--base-url", sandbox.url, "--rate", "0", "--concurrency", "1"], in: directory,
                    environment: ["VIBER_AUTH_TOKEN": Program.canary],
                    under: StoppedRun.under([signal], after: 3, of: sandbox) + ignoring, ids: "list.csv.ids")
                #expect(ended.code == 0, "\(ended.error)")
                #expect(try await sandbox.statistics()["get_online"] == 10)
            }
        }
    }

    /// The kernel gives process 1 of a container no signal that it does not handle.
    @Test(.needs("unshare"), arguments: [("TERM", 143), ("INT", 130)] as [(String, Int32)])
    func `a sandbox that is process one ends`(_ signal: String, _ code: Int32) async throws {
        let program = """
            import os, signal, subprocess, sys
            shell = "unshare -r --pid --fork --kill-child " + sys.argv[1] + " sandbox --port 0"
            outer = subprocess.Popen(["sh", "-c", "exec " + shell], stdout=subprocess.PIPE, text=True)
            outer.stdout.readline()
            children = open(f"/proc/{outer.pid}/task/{outer.pid}/children").read().split()
            os.kill(int(children[0]), signal.SIG\(signal))
            print(outer.wait(10))
            """
        let ended = try await Tool.python(program, [Program.path])
        #expect(ended.output == "\(code)\n", "\(ended.error)")
    }

    /// A terminal after Ctrl-S, or a log collector that hangs: standard error is a full pipe.
    @Test(arguments: [["-vv"], ["--progress", "always"], []])
    func `a log that is not read stops nothing`(_ arguments: [String]) async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(30_000), to: directory + "/list.csv")
            let faults = ["--try-later", "0", "--fault", "http-500@/4", "--fault", "latency:60000@350-"]
            try await Program.withSandbox(faults) { sandbox in
                let program = """
                    import fcntl, json, os, signal, subprocess, sys, time, urllib.request
                    unread, full = os.pipe()
                    fcntl.fcntl(full, 1031, 4096)  # F_SETPIPE_SZ
                    fcntl.fcntl(full, fcntl.F_SETFL, os.O_NONBLOCK)
                    try:
                        while os.write(full, b"x" * 4096): pass
                    except BlockingIOError: pass
                    fcntl.fcntl(full, fcntl.F_SETFL, 0)
                    run = subprocess.Popen(sys.argv[2:], stderr=full)
                    asked = lambda: json.load(urllib.request.urlopen(sys.argv[1] + "/sandbox/stats"))["get_online"]
                    began = time.monotonic()
                    while asked() < 350 and time.monotonic() - began < 60: time.sleep(0.05)  # poll the progress
                    began = time.monotonic()
                    run.send_signal(signal.SIGTERM)
                    code = run.wait(40)
                    print(code, time.monotonic() - began < 20)
                    """
                let command = [Program.path, "list.csv", "--base-url", sandbox.url, "--rate", "0"] + arguments
                let ended = try await Tool.run(
                    Tool.python, ["-c", program, sandbox.url] + command, in: directory,
                    environment: ["VIBER_AUTH_TOKEN": Program.canary])
                #expect(ended.output.hasSuffix("143 True\n"), "\(ended.output)\(ended.error)")
            }
        }
    }

    /// As before `| head`, or when a log collector has exited.
    @Test func `a reader of the log that has exited stops nothing`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(250), to: directory + "/list.csv")
            try FileSystem.make(directory + "/reports/latest")
            try await Program.withSandbox(["--try-later", "0"]) { sandbox in
                let command = "\"$@\" -vv --progress always 2>&1 >/dev/null | true; exit ${PIPESTATUS[0]}"
                let ended = try await Program.takeRoll(
                    ["list.csv", "--base-url", sandbox.url, "--rate", "0"], in: directory,
                    environment: ["VIBER_AUTH_TOKEN": Program.canary], under: ["bash", "-c", command, "bash"],
                    ids: "list.csv.ids", setting: .latestCannotBeMade)
                #expect(ended.code == 0)
            }
        }
    }

    /// An error of the history appears only after the snapshot is published: it is printed even with --quiet.
    @Test func `a warning that is nowhere else is printed with quiet`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(250), to: directory + "/list.csv")
            try await Program.withSandbox(["--try-later", "0"]) { sandbox in
                let command = ["list.csv", "--base-url", sandbox.url, "--rate", "0", "--quiet"]
                let environment = ["VIBER_AUTH_TOKEN": Program.canary]
                let first = try await Tool.run(Program.path, command, in: directory, environment: environment)
                #expect(first.code == 0 && first.error.isEmpty, "\(first.error)")
                let history = directory + "/reports/history.csv"
                try write(try bytes(of: history) + Array("junk\n".utf8), to: history)
                let second = try await Tool.run(Program.path, command, in: directory, environment: environment)
                #expect(second.code == 0)
                #expect(
                    second.error
                        == "viber-rollcall: warning: reports/history.csv: line 3 is not the row of a run; it is kept as it is\n"
                )
            }
        }
    }

    /// A process that reads the log gets every line, and each is complete.
    @Test func `a reader gets every line`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(3_000), to: directory + "/list.csv")
            try await Program.withSandbox(["--try-later", "0", "--fault", "http-500@/4"]) { sandbox in
                let ended = try await Program.takeRoll(
                    ["list.csv", "--base-url", sandbox.url, "--rate", "0", "-vv"], in: directory,
                    environment: ["VIBER_AUTH_TOKEN": Program.canary], ids: "list.csv.ids")
                #expect(ended.code == 0)
                let lines = ended.error.split(separator: "\n")
                let retries = try await StoppedRun.published(directory, "api.retries")
                #expect(String(lines.filter { $0.contains("debug: request failed") }.count) == retries)
                #expect(lines.allSatisfy { $0.hasPrefix("viber-rollcall: ") })
            }
        }
    }
}
