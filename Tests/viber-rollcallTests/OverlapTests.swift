import Foundation
import TestSupport
import Testing

/// Concurrent runs, and a program that is replaced during a run.
@Suite(.needs("python3")) struct OverlapTests {
    /// The lock file must not be removed. If it is, and another run locks a new one, the new lock holds: after locking,
    /// a run checks that the name still refers to the locked file.
    @Test(.needs("strace")) func `a lock file that was replaced does not hold the lock`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(100), to: directory + "/list.csv")
            try await Program.withSandbox(["--try-later", "0"]) { sandbox in
                let replaced = """
                    import fcntl, os, subprocess, sys, time
                    run = subprocess.Popen(["strace", "-f", "-qq", "-o", "trace", "-e", "trace=flock",
                                            "-e", "inject=flock:delay_enter=2000000:when=1", *sys.argv[1:]])
                    while run.poll() is None and not os.path.exists("reports/.work/.lock"):
                        time.sleep(0.01)  # poll until it exists
                    os.remove("reports/.work/.lock")
                    with open("reports/.work/.lock", "w") as other:
                        fcntl.flock(other, fcntl.LOCK_EX)
                        other.write("process 4711 since 2026-11-21T23:15:00Z\\n")
                        other.flush()
                        code = run.wait()
                    sys.exit(code)
                    """
                let refused = try await Program.takeRoll(
                    ["list.csv", "--base-url", sandbox.url], in: directory,
                    environment: ["VIBER_AUTH_TOKEN": Program.canary], under: [Tool.python, "-c", replaced],
                    makes: ["trace"])
                #expect(refused.code == 75, "\(refused.error)")
                #expect(refused.error.contains("locked by process 4711 since"), "\(refused.error)")
                #expect(try await sandbox.statistics()["get_online"] == 0)
            }
        }
    }

    @Test func `runs with separate output directories run together`() async throws {
        try await withTemporaryDirectory { directory in
            try await Program.withSandbox(["--latency", "100ms", "--try-later", "0"]) { sandbox in
                try await withThrowingTaskGroup(of: ToolResult.self) { group in
                    for name in ["one", "two"] {
                        let own = directory + "/" + name
                        try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: false)
                        try IDLists.writeCSV(IDLists.made(1_000), to: own + "/list.csv")
                        group.addTask {
                            try await Program.snapshot(["list.csv"], in: own, of: sandbox, ids: "list.csv.ids")
                        }
                    }
                    for try await run in group { #expect(run.code == 0, "\(run.error)") }
                }
                #expect(try await sandbox.statistics()["get_online"] == 20)
            }
        }
    }

    /// Run ids are ordered by their second, and so are the runs.
    @Test func `successive runs start in different seconds`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(100), to: directory + "/list.csv")
            try await Program.withSandbox(["--try-later", "0"]) { sandbox in
                for _ in 0..<4 {
                    let run = try await Program.snapshot(["list.csv"], in: directory, of: sandbox)
                    #expect(run.code == 0, "\(run.error)")
                }
            }
            let runs = try StoppedRun.names(directory).runs.sorted()
            #expect(Set(runs.map { $0.prefix(16) }).count == 4, "\(runs)")
            let latest = try FileManager.default.destinationOfSymbolicLink(atPath: directory + "/reports/latest")
            #expect(latest == runs.last)
        }
    }

    /// An upgrade during a run: another file replaces the program, and the run continues with the old one.
    @Test func `a program that is replaced during its run continues`() async throws {
        try await withTemporaryDirectory { scratch in
            try await withTemporaryDirectory { directory in
                try IDLists.writeCSV(IDLists.made(1_000), to: directory + "/list.csv")
                let copy = scratch + "/viber-rollcall"
                try FileManager.default.copyItem(atPath: Program.path, toPath: copy)
                try write("#!/bin/sh\nexit 1\n", to: scratch + "/new")
                try await Program.withSandbox(["--latency", "100ms", "--try-later", "0"]) { sandbox in
                    let under = StoppedRun.under(
                        "os.rename(given[0], given[1])", given: [scratch + "/new", copy], after: 3, of: sandbox)
                    // The copy replaces the program in the arguments.
                    let instead = ["sh", "-c", "shift; exec \"$0\" \"$@\"", copy]
                    let ended = try await Program.takeRoll(
                        ["list.csv", "--base-url", sandbox.url, "--rate", "0", "--concurrency", "1"], in: directory,
                        environment: ["VIBER_AUTH_TOKEN": Program.canary],
                        under: under + instead, ids: "list.csv.ids")
                    #expect(ended.code == 0, "\(ended.error)")
                    #expect(try bytes(of: copy) == Array("#!/bin/sh\nexit 1\n".utf8))
                }
            }
        }
    }
}
