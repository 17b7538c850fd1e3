import Foundation
import TestSupport
import Testing

/// Clocks that stand still, jump, or belong to a machine that was suspended. A preloaded library changes them.
@Suite(.needs("python3"), .needs("clang")) struct ClockTests {
    /// A file sets each clock: `=` and seconds since 1970 to stop it at that time, or seconds to add.
    private static let clocks = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <fcntl.h>
        #include <stdlib.h>
        #include <time.h>
        #include <unistd.h>
        int clock_gettime(clockid_t clock, struct timespec *time) {
            static int (*real)(clockid_t, struct timespec *);
            if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
            int result = real(clock, time);
            const char *path = clock == CLOCK_REALTIME ? getenv("WALL_CLOCK") : clock == CLOCK_BOOTTIME ? getenv("BOOT_CLOCK") : 0;
            int file = result == 0 && path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
            if (file < 0) return result;
            char text[32] = "";
            ssize_t length = read(file, text, sizeof text - 1);
            close(file);
            if (length > 0 && *text == '=') *time = (struct timespec){atoll(text + 1), 0};
            else time->tv_sec += atoll(text);
            return result;
        }
        """

    /// A list, a sandbox, and an environment with clocks that `setClock` sets.
    private func withClocks(
        ids: Int, latency: String = "0ms",
        _ body: (_ directory: String, _ sandbox: SandboxHandle, _ clocks: Clocks) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            try await withTemporaryDirectory { settings in
                try await Preload.with(Self.clocks) { library in
                    try IDLists.writeCSV(IDLists.made(ids), to: directory + "/list.csv")
                    try await Program.withSandbox(["--latency", latency, "--try-later", "0"]) { sandbox in
                        try await body(directory, sandbox, Clocks(directory: settings, library: library))
                    }
                }
            }
        }
    }

    private struct Clocks {
        var directory: String
        var library: String
        var wall: String { directory + "/wall" }

        var environment: [String: String] {
            [
                "VIBER_AUTH_TOKEN": Program.canary, "LD_PRELOAD": library, "WALL_CLOCK": wall,
                "BOOT_CLOCK": directory + "/boot",
            ]
        }

        /// Sets the wall clock, from which timestamps are written.
        func set(_ text: String) throws { try write(text, to: wall) }

        /// A program that sets clocks once the sandbox has received some requests.
        func under(setting names: [String], to text: String, of sandbox: SandboxHandle) -> [String] {
            StoppedRun.under(
                """
                for path in given[1:]:
                    open(path + ".new", "w").write(given[0])
                    os.rename(path + ".new", path)
                """, given: [text] + names.map { directory + "/" + $0 }, after: 3, of: sandbox)
        }
    }

    private func run(
        in directory: String, of sandbox: SandboxHandle, _ clocks: Clocks, _ arguments: [String] = [],
        environment: [String: String] = [:], under: [String] = [], ids: String? = "list.csv.ids"
    ) async throws -> ToolResult {
        try await Program.takeRoll(
            ["list.csv", "--base-url", sandbox.url, "--rate", "0", "--concurrency", "1"] + arguments, in: directory,
            environment: clocks.environment.merging(environment) { $1 }, under: under, ids: ids)
    }

    /// Waits and durations do not use this clock; only the timestamps of the run show the change.
    @Test(arguments: ["3600", "-3600", "=100000", "=4102444800"])
    func `a clock that is set during a run changes times only`(_ step: String) async throws {
        try await withClocks(ids: 1_000, latency: "100ms") { directory, sandbox, clocks in
            let ended = try await run(
                in: directory, of: sandbox, clocks, ["--deadline", "30m"],
                under: clocks.under(setting: ["wall"], to: step, of: sandbox))
            #expect(ended.code == 0, "\(ended.error)")
            #expect(ended.error.contains("the clock of this machine was set by about "), "\(ended.error)")
            #expect(try await sandbox.statistics()["get_online"] == 10)
            #expect(try await StoppedRun.published(directory, "warnings").contains("the clock of this machine was set"))
            let total = try #require(Double(try await StoppedRun.published(directory, "timing.total_s")))
            #expect(total >= 1 && total < 1_000)
        }
    }

    /// A synchronized clock is set back by some seconds now and then. A run must not end before it started, because
    /// later decisions use its times.
    @Test func `a clock that is set back a little does no harm`() async throws {
        try await withClocks(ids: 1_000, latency: "100ms") { directory, sandbox, clocks in
            let ended = try await run(
                in: directory, of: sandbox, clocks, under: clocks.under(setting: ["wall"], to: "-20", of: sandbox))
            #expect(ended.code == 0, "\(ended.error)")
            let started = try await StoppedRun.published(directory, "run.started_at")
            #expect(try await StoppedRun.published(directory, "run.finished_at") == started)
        }
    }

    /// The machine was suspended for an hour: the deadline has passed, or there is none; nothing hangs or is lost.
    @Test(arguments: [["--deadline", "30m"], []]) func `a run ends after the machine slept`(_ arguments: [String])
        async throws
    {
        try await withClocks(ids: 1_000, latency: "100ms") { directory, sandbox, clocks in
            let slept = try await run(
                in: directory, of: sandbox, clocks, arguments,
                under: clocks.under(setting: ["wall", "boot"], to: "3600", of: sandbox))
            #expect(slept.code == 0 || (slept.code == 75 && !arguments.isEmpty), "\(slept.error)")
            let ended = try await run(in: directory, of: sandbox, clocks)
            #expect(ended.code == 0, "\(ended.error)")
        }
    }

    @Test func `two runs in one second have two ids`() async throws {
        try await withClocks(ids: 100) { directory, sandbox, clocks in
            try clocks.set("=1795302900")
            for _ in 0..<2 {
                let ended = try await run(in: directory, of: sandbox, clocks)
                #expect(ended.code == 0, "\(ended.error)")
            }
            let names = try StoppedRun.names(directory).runs
            #expect(names.count == 2)
            #expect(names.allSatisfy { $0.hasPrefix("20261121T231500Z-") })
        }
    }

    /// 2026-10-25 03:30 in Kyiv occurs twice. After days without a run, the next one works as usual.
    @Test(arguments: [
        ([1_792_888_200, 1_792_891_800], ["20261025T003000Z", "20261025T013000Z"]),
        ([1_795_302_900, 1_795_562_100], ["20261121T231500Z", "20261124T231500Z"]),
    ]) func `runs are ordered by their UTC time`(_ times: [Int], _ stamps: [String]) async throws {
        try await withClocks(ids: 100) { directory, sandbox, clocks in
            for time in times {
                try clocks.set("=\(time)")
                let ended = try await run(
                    in: directory, of: sandbox, clocks, environment: ["TZ": "Europe/Kyiv"])
                #expect(ended.code == 0, "\(ended.error)")
            }
            let names = try StoppedRun.names(directory).runs
            #expect(names.map { String($0.prefix(16)) } == stamps)
            let latest = try FileManager.default.destinationOfSymbolicLink(atPath: directory + "/reports/latest")
            #expect(latest == names.last)
            let history = String(decoding: try bytes(of: directory + "/reports/history.csv"), as: UTF8.self)
            #expect(history.split(separator: "\n").dropFirst().map { String($0.prefix(21)) } == names)
        }
    }

    /// By default, a run that stopped days ago is not resumed.
    @Test func `work of three days ago is discarded`() async throws {
        try await withClocks(ids: 1_000, latency: "100ms") { directory, sandbox, clocks in
            let stopped = try await run(
                in: directory, of: sandbox, clocks, under: StoppedRun.under(["SIGTERM"], after: 3, of: sandbox))
            #expect(stopped.code == 143, "\(stopped.error)")
            let before = try #require(try await sandbox.statistics()["get_online"])
            try clocks.set("259200")
            let ended = try await run(in: directory, of: sandbox, clocks)
            #expect(ended.code == 0, "\(ended.error)")
            #expect(ended.error.contains("it started longer ago than --resume-within allows"), "\(ended.error)")
            #expect(try await sandbox.statistics()["get_online"] == before + 10)
        }
    }

    /// With a stopped clock, the rows of two runs are equal byte for byte, in any language, time zone and environment.
    @Test(arguments: [
        ["env", "-i"], ["env", "LC_ALL=tr_TR.UTF-8", "LANG=tr_TR.UTF-8"], ["env", "LC_ALL=de_DE.UTF-8"],
        ["env", "LC_ALL=C"], ["env", "TZ=:Europe/Kyiv"], ["env", "TZ=Nowhere/Bad"],
    ]) func `every environment gives the same bytes`(_ prefix: [String]) async throws {
        try await withClocks(ids: 1_000) { directory, sandbox, clocks in
            try clocks.set("=1795302900")
            let given = clocks.environment.map { "\($0.key)=\($0.value)" }
            var files: [[UInt8]] = []
            for under in [[], prefix + given] {
                let ended = try await run(in: directory, of: sandbox, clocks, under: under)
                #expect(ended.code == 0, "\(ended.error)")
                files.append(try bytes(of: directory + "/reports/latest/subscribers.csv.gz"))
            }
            #expect(files[0] == files[1])
        }
    }
}
