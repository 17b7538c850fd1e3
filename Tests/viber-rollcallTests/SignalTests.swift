import Foundation
import TestSupport
import Testing

@testable import SnapshotJob

/// Signals at the worst moments: each time the run ends soon and in order, and the next one resumes it.
@Suite(.needs("python3")) struct SignalTests {
    private func run(
        _ arguments: [String] = [], in directory: String, of sandbox: SandboxHandle, under: [String] = [],
        ids: String? = "list.csv.ids"
    ) async throws -> ToolResult {
        try await Program.takeRoll(
            ["list.csv", "--base-url", sandbox.url, "--rate", "0", "--concurrency", "1"] + arguments, in: directory,
            environment: ["VIBER_AUTH_TOKEN": Program.canary], under: under, ids: ids)
    }

    /// At a random moment with three seconds of requests ahead. One second later, nothing is sent any more.
    @Test(arguments: 0..<10) func `nothing is sent after a signal`(_ seed: Int) async throws {
        var random = SeededRandom(seed: UInt64(seed))
        let delay = Double.random(in: 0.2...2, using: &random)
        let signal = seed.isMultiple(of: 2) ? "SIGTERM" : "SIGINT"
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(3_000), to: directory + "/list.csv")
            try await Program.withSandbox(["--latency", "100ms", "--try-later", "0"]) { sandbox in
                let under = StoppedRun.under(
                    """
                    time.sleep(float(given[1]))  # until the random moment
                    run.send_signal(getattr(signal, given[0]))
                    time.sleep(1)  # after which nothing may come
                    before = seen()
                    run.wait(12)
                    assert seen() == before, (before, seen())
                    """, given: [signal, String(delay)], after: 1, of: sandbox)
                let stopped = try await run(in: directory, of: sandbox, under: under)
                #expect(stopped.code == (signal == "SIGTERM" ? 143 : 130), "\(stopped.error)")
                let ended = try await run(in: directory, of: sandbox)
                #expect(ended.code == 0, "\(ended.error)")
                #expect(try await sandbox.statistics()["get_online"] == 30)
            }
        }
    }

    struct Wait: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var sandbox: [String]
        var arguments: [String] = []
        /// The number of requests after which the run waits.
        var after: Int
    }

    private static let waits = [
        Wait(testDescription: "back-off", sandbox: ["--fault", "http-503@3-"], after: 7),
        Wait(testDescription: "Retry-After", sandbox: ["--fault", "http-429:250@3-"], after: 3),
        Wait(
            testDescription: "between passes", sandbox: ["--try-later", "3"], arguments: ["--settle", "5m"], after: 10),
        Wait(testDescription: "the rate", sandbox: [], arguments: ["--rate", "0.01"], after: 1),
    ]

    @Test(arguments: waits) func `a signal ends every wait`(_ wait: Wait) async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(1_000), to: directory + "/list.csv")
            try await Program.withSandbox(["--try-later", "0"] + wait.sandbox) { sandbox in
                let under = StoppedRun.under(
                    """
                    time.sleep(0.5)  # until it waits
                    run.send_signal(signal.SIGTERM)
                    run.wait(12)
                    """, after: wait.after, of: sandbox)
                let stopped = try await run(wait.arguments, in: directory, of: sandbox, under: under)
                #expect(stopped.code == 143, "\(stopped.error)")
                #expect(try await StoppedRun.published(directory, "run.exit_code") == "143")
            }
        }
    }

    /// A signal does not wait for a name server that does not respond.
    @Test(.needs("unshare")) func `a signal does not wait for the name of the host`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(10), to: directory + "/list.csv")
            let silence = """
                import fcntl, signal, socket, struct, subprocess, sys
                names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                fcntl.ioctl(names, 0x8914, struct.pack("16sh14x", b"lo", 1))  # the loopback device, up
                names.bind(("127.0.0.1", 53))
                open("resolv.conf", "w").write("nameserver 127.0.0.1\\n")
                subprocess.run(["mount", "--bind", "resolv.conf", "/etc/resolv.conf"], check=True)
                run = subprocess.Popen(sys.argv[1:])
                names.settimeout(60)
                names.recv(512)
                run.send_signal(signal.SIGTERM)
                sys.exit(run.wait(12))
                """
            let stopped = try await Program.takeRoll(
                ["list.csv", "--base-url", "https://viber.example"], in: directory,
                environment: ["VIBER_AUTH_TOKEN": Program.canary],
                under: ["unshare", "-rmn", Tool.python, "-c", silence], makes: ["resolv.conf"])
            #expect(stopped.code == 143, "\(stopped.error)")
            #expect(stopped.error.contains("stopped by a signal before any id was sent"), "\(stopped.error)")
        }
    }

    /// The disk is slow, and all answers have been received: the snapshot is published, and the run succeeds as without
    /// the signal.
    @Test(.needs("strace")) func `a signal while publishing does no harm`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(250), to: directory + "/list.csv")
            try await Program.withSandbox(["--try-later", "0"]) { sandbox in
                let slow = """
                    import glob, os, signal, subprocess, sys, time
                    run = subprocess.Popen(["strace", "-f", "-qq", "-o", "trace", "-e", "trace=fsync",
                                            "-e", "inject=fsync:delay_enter=400000", *sys.argv[1:]])
                    while run.poll() is None and not glob.glob("reports/.work/2*/snapshot"):
                        time.sleep(0.01)  # poll the progress
                    children = open(f"/proc/{run.pid}/task/{run.pid}/children").read().split()
                    os.kill(int(children[0]), signal.SIGTERM)
                    sys.exit(run.wait(12))
                    """
                let stopped = try await Tool.run(
                    Tool.python, ["-c", slow, Program.path, "list.csv", "--base-url", sandbox.url, "--rate", "0"],
                    in: directory, environment: ["VIBER_AUTH_TOKEN": Program.canary])
                #expect(stopped.code == 0, "\(stopped.error)")
                let checked = try await Checkers.check(directory + "/reports/latest", ids: directory + "/list.csv.ids")
                #expect(checked.code == 0, "\(checked.output)")
                #expect(try StoppedRun.names(directory).work.isEmpty)
            }
        }
    }

    /// The process was suspended for longer than the timeout of a request.
    @Test func `a process that was suspended continues`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(1_000), to: directory + "/list.csv")
            try await Program.withSandbox(["--latency", "100ms", "--try-later", "0"]) { sandbox in
                let under = StoppedRun.under(
                    """
                    run.send_signal(signal.SIGSTOP)
                    time.sleep(2.5)  # longer than --timeout
                    run.send_signal(signal.SIGCONT)
                    """, after: 3, of: sandbox)
                let ended = try await run(["--timeout", "1s"], in: directory, of: sandbox, under: under)
                #expect(ended.code == 0, "\(ended.error)")
            }
        }
    }
}
