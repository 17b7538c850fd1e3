import Foundation
import TestSupport

/// Ways to stop a run early.
enum StoppedRun {
    /// A program that runs another, sends it signals after a number of requests to the sandbox, and exits as it does.
    static func under(_ signals: [String], after requests: Int, of sandbox: SandboxHandle) -> [String] {
        under(
            """
            for name in given:
                run.send_signal(getattr(signal, name))
                time.sleep(0.2)  # two signals at the same moment would merge
            """, given: signals, after: requests, of: sandbox)
    }

    /// A program that runs another, executes `statements` after a number of requests to the sandbox, and exits as it
    /// does. `statements` is Python, with the process as `run`, the values in `given`, and `seen()`, the number of
    /// requests so far.
    static func under(
        _ statements: String, given: [String] = [], after requests: Int, of sandbox: SandboxHandle
    ) -> [String] {
        let program = start + statements + "\n" + end
        return [Tool.python, "-c", program, sandbox.url, String(requests), given.joined(separator: ",")]
    }

    private static let start = """
        import json, os, resource, signal, subprocess, sys, time, urllib.request
        url, requests, given, command = sys.argv[1], int(sys.argv[2]), sys.argv[3].split(","), sys.argv[4:]
        def seen():
            return json.load(urllib.request.urlopen(url + "/sandbox/stats"))["get_online"]
        first = seen()
        run = subprocess.Popen(command)
        while run.poll() is None and seen() - first < requests:
            time.sleep(0.01)  # poll the progress

        """

    private static let end = """
        code = run.wait()
        sys.exit(code if code >= 0 else 128 - code)
        """

    /// A value of the summary in the only run directory, by its path, such as `run.resumed`.
    static func published(_ directory: String, _ path: String) async throws -> String {
        let read = try await Tool.python(
            """
            import functools, glob, json, sys
            summary = json.load(open(glob.glob(sys.argv[1] + "/reports/2*/summary.json")[0]))
            print(functools.reduce(lambda value, key: value[key], sys.argv[2].split("."), summary))
            """, [directory, path])
        return read.output.trimmingCharacters(in: .newlines)
    }

    /// Names of run directories and of work directories.
    static func names(_ directory: String) throws -> (runs: [String], work: [String]) {
        let files = FileManager.default
        return (
            try files.contentsOfDirectory(atPath: directory + "/reports").filter { $0.hasPrefix("2") }.sorted(),
            try files.contentsOfDirectory(atPath: directory + "/reports/.work").filter { $0 != ".lock" }
        )
    }
}
