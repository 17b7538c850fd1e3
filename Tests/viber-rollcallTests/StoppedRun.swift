import Foundation
import TestSupport

/// Ways to end a run before its time.
enum StoppedRun {
    /// A program that runs another, sends it signals once the sandbox has seen so many requests, and ends as it does.
    static func under(_ signals: [String], after requests: Int, of sandbox: SandboxHandle) -> [String] {
        [Tool.python, "-c", driver, sandbox.url, String(requests), signals.joined(separator: ",")]
    }

    private static let driver = """
        import json, signal, subprocess, sys, time, urllib.request
        url, requests, signals, command = sys.argv[1], int(sys.argv[2]), sys.argv[3].split(","), sys.argv[4:]
        def seen():
            return json.load(urllib.request.urlopen(url + "/sandbox/stats"))["get_online"]
        run, first = subprocess.Popen(command), seen()
        while run.poll() is None and seen() - first < requests:
            time.sleep(0.01)  # between two looks at how far it is
        for name in signals:
            run.send_signal(getattr(signal, name))
            time.sleep(0.2)  # two signals at one moment would be one
        code = run.wait()
        sys.exit(code if code >= 0 else 128 - code)
        """

    /// The one run directory's summary, by a path below it: `run.resumed`.
    static func published(_ directory: String, _ path: String) async throws -> String {
        let read = try await Tool.python(
            """
            import functools, glob, json, sys
            summary = json.load(open(glob.glob(sys.argv[1] + "/reports/2*/summary.json")[0]))
            print(functools.reduce(lambda value, key: value[key], sys.argv[2].split("."), summary))
            """, [directory, path])
        return read.output.trimmingCharacters(in: .newlines)
    }

    /// Names of run directories, and of work.
    static func names(_ directory: String) throws -> (runs: [String], work: [String]) {
        let files = FileManager.default
        return (
            try files.contentsOfDirectory(atPath: directory + "/reports").filter { $0.hasPrefix("2") }.sorted(),
            try files.contentsOfDirectory(atPath: directory + "/reports/.work").filter { $0 != ".lock" }
        )
    }
}
