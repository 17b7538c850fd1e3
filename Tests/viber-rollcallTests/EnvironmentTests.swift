import Foundation
import TestSupport
import Testing

/// Runs in the environments that cron, containers and careless shells provide.
@Suite(.needs("python3")) struct EnvironmentTests {
    /// Runs a snapshot of 250 ids under a command, with only the given environment.
    private func run(
        under command: [String] = [],
        environment: [String: String] = [:],
        arguments: [String] = [],
        publishes: Bool = true
    ) async throws -> ToolResult {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(250), to: directory + "/list.csv")
            return try await Program.withSandbox(["--try-later", "0", "--subscribers", "250"]) { sandbox in
                try await Program.takeRoll(
                    ["list.csv", "--base-url", sandbox.url, "--rate", "0"] + arguments, in: directory,
                    environment: ["VIBER_AUTH_TOKEN": Program.canary].merging(environment) { $1 }, under: command,
                    ids: publishes ? "list.csv.ids" : nil)
            }
        }
    }

    private static func shell(_ setUp: String) -> [String] { ["sh", "-c", setUp + "; exec \"$@\"", "sh"] }

    @Test(arguments: [
        ["LANG": "C", "LC_ALL": "C"], ["LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"], ["LC_ALL": "de_DE.UTF-8"],
        ["TZ": "Europe/Kyiv"], ["TZ": ":Europe/Kyiv"], ["TZ": "UTC0"], ["TZ": "Nowhere/Bad"],
    ])
    func `language and time zone change nothing`(_ environment: [String: String]) async throws {
        let run = try await run(environment: environment)
        #expect(run.code == 0, "\(run.error)")
        #expect(run.error == "")
    }

    @Test func `an empty environment is enough`() async throws {
        let run = try await run(under: ["env", "-i", "VIBER_AUTH_TOKEN=" + Program.canary])
        #expect(run.code == 0, "\(run.error)")
    }

    /// A bare chroot has no /proc, where Swift looks for the arguments.
    @Test(.needs("unshare")) func `the arguments are read without proc`() async throws {
        let hiding = ["unshare", "-rm", "sh", "-c", "mount -t tmpfs none /proc && exec \"$@\"", "sh"]
        let run = try await run(under: hiding, arguments: ["--json"])
        #expect(run.code == 0, "\(run.error)")
        #expect(run.output.contains(#""name":"list.csv""#))
    }

    @Test(arguments: ["000", "077", "777"])
    func `the umask changes nothing`(_ mask: String) async throws {
        // The checker looks at the modes of what was written.
        let run = try await run(under: Self.shell("umask " + mask))
        #expect(run.code == 0, "\(run.error)")
    }

    @Test(arguments: ["exec <&-", "exec 2>&-", "exec <&- 2>&-"])
    func `closed streams take no file in`(_ setUp: String) async throws {
        let run = try await run(under: Self.shell(setUp))
        #expect(run.code == 0, "\(run.error)")
    }

    @Test func `a run works without standard streams`() async throws {
        let run = try await run(under: Self.shell("exec <&- >&- 2>&-"), arguments: ["--quiet"])
        #expect(run.code == 0)
    }

    /// A summary that could not be printed is an error; the snapshot is published.
    @Test(arguments: ["exec >&-", "exec > /dev/full"])
    func `a summary that cannot be written changes the exit code`(_ setUp: String) async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(250), to: directory + "/list.csv")
            try await Program.withSandbox(["--try-later", "0"]) { sandbox in
                let run = try await Tool.run(
                    "sh", ["-c", setUp + "; exec \"$@\"", "sh", Program.path, "list.csv", "--base-url", sandbox.url],
                    in: directory, environment: ["VIBER_AUTH_TOKEN": Program.canary])
                #expect(run.code == 74)
                #expect(run.error.contains("standard output"))
                #expect(try await Program.run(["verify", "reports/latest"], in: directory).code == 0)
            }
        }
    }

    @Test func `few descriptors mean few requests at once`() async throws {
        let run = try await run(under: Self.shell("ulimit -n 40"), arguments: ["--concurrency", "64"])
        #expect(run.code == 0, "\(run.error)")
        #expect(run.error.contains("at most 8 requests in flight"))
    }

    @Test func `too few descriptors are refused`() async throws {
        let run = try await run(under: Self.shell("ulimit -n 30"), publishes: false)
        #expect(run.code == 78)
        #expect(run.error.contains("ulimit -n 256"))
    }

    /// A limit on the size of files causes an error and does not kill the process.
    @Test func `a limit on the size of files is an error`() async throws {
        let run = try await run(under: Self.shell("ulimit -f 1"), publishes: false)
        #expect(run.code == 74 || run.code == 73, "\(run.error)")
        #expect(run.error.contains("too large"), "\(run.error)")
    }

    /// One core, and no more memory than is in use at that moment.
    @Test(.needs("taskset")) func `one core and no more memory are enough`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(5_000), to: directory + "/list.csv")
            try await Program.withSandbox(["--latency", "20ms", "--try-later", "0"]) { sandbox in
                let limit = """
                    pages = int(open(f"/proc/{run.pid}/statm").read().split()[0])
                    size = pages * resource.getpagesize() + (16 << 20)
                    resource.prlimit(run.pid, resource.RLIMIT_AS, (size, size))
                    """
                let ended = try await Program.takeRoll(
                    ["list.csv", "--base-url", sandbox.url, "--rate", "0"], in: directory,
                    environment: ["VIBER_AUTH_TOKEN": Program.canary],
                    under: ["taskset", "-c", "0"] + StoppedRun.under(limit, after: 5, of: sandbox),
                    ids: "list.csv.ids")
                #expect(ended.code == 0, "\(ended.error)")
            }
        }
    }

    /// Root in a container or in cron: logged with -v, and no file changes its owner.
    @Test(.needs("unshare"), .needs("strace")) func `root is logged and owns what it writes`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(250), to: directory + "/list.csv")
            try await Program.withSandbox(["--try-later", "0"]) { sandbox in
                for (arguments, isSaid) in [([], false), (["-v"], true)] {
                    let ended = try await Program.takeRoll(
                        ["list.csv", "--base-url", sandbox.url] + arguments, in: directory,
                        environment: ["VIBER_AUTH_TOKEN": Program.canary],
                        under: [
                            "unshare", "-r", "strace", "-f", "-qq", "-o", "trace", "-e",
                            "trace=chown,fchown,lchown,fchownat",
                        ], ids: "list.csv.ids", makes: ["trace"])
                    #expect(ended.code == 0, "\(ended.error)")
                    #expect(ended.error.contains("info: running as root") == isSaid, "\(ended.error)")
                    #expect(try bytes(of: directory + "/trace").isEmpty)
                }
            }
        }
    }

    @Test func `quiet prints nothing at all`() async throws {
        let run = try await run(arguments: ["--quiet"])
        #expect(run.code == 0)
        #expect(run.output == "" && run.error == "")
    }

    @Test(arguments: ["HTTP_PROXY", "https_proxy", "ALL_PROXY"])
    func `a proxy is not used and a log line says so`(_ name: String) async throws {
        // Nothing listens on port 9 of this machine.
        let run = try await run(environment: [name: "http://127.0.0.1:9"], arguments: ["-v"])
        #expect(run.code == 0, "\(run.error)")
        #expect(run.error.contains("no proxy is used: ignoring \(name)"))
    }

    /// A crash prints no memory: the process ends by its signal, without output.
    @Test(arguments: ["SEGV", "ILL", "ABRT"])
    func `a crash is silent`(_ signal: String) async throws {
        try await withTemporaryDirectory { directory in
            let crashed = try await Tool.run(
                "sh",
                [
                    "-c",
                    "ulimit -c unlimited; \"$1\" sandbox --port 0 > out & P=$!; "
                        + "until grep -q listens out; do kill -0 $P || exit 1; done; kill -s $2 $P; wait $P; echo $?; ls",
                    "sh", Program.path, signal,
                ], in: directory, environment: ["VIBER_AUTH_TOKEN": Program.canary])
            let number = ["SEGV": 11, "ILL": 4, "ABRT": 6][signal] ?? 0
            #expect(crashed.output == "\(128 + number)\nout\n")
            for word in ["rax", "backtrace", "Crash", Program.canary] { #expect(!crashed.error.contains(word)) }
        }
    }

    /// Another process of the same user cannot read the token in the environment of this one.
    @Test(.needs("setpriv")) func `the environment of the process is not readable`() async throws {
        try await withTemporaryDirectory { directory in
            let read = try await Tool.run(
                "sh",
                [
                    "-c",
                    "\"$1\" sandbox --port 0 > out & P=$!; "
                        + "until grep -q listens out; do kill -0 $P || exit 1; done; "
                        + "stat -c %u /proc/$P/environ; kill $P", "sh", Program.path,
                ], in: directory, environment: ["VIBER_AUTH_TOKEN": Program.canary])
            #expect(read.output == "0\n", "\(read.error)")
        }
    }

    /// With no network but loopback, the API is unreachable and nothing is left.
    @Test(.needs("unshare")) func `without a network the API is unreachable`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(10), to: directory + "/list.csv")
            let run = try await Tool.run(
                "unshare",
                ["-rn", Program.path, "list.csv", "--base-url", "http://127.0.0.1:9", "--timeout", "1s"], in: directory,
                environment: ["VIBER_AUTH_TOKEN": Program.canary])
            #expect(run.code == 69, "\(run.error)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory + "/reports") == [".work"])
        }
    }
}
