import Sandbox
import TestSupport

/// Lists of ids for whole runs.
enum IDLists {
    /// Writes a CSV file with a header, and the ids alone to `<path>.ids`, one a line.
    static func writeCSV(_ ids: [String], to path: String) throws {
        try write((["id"] + ids).map { $0 + "\n" }.joined(), to: path)
        try write(ids.map { $0 + "\n" }.joined(), to: path + ".ids")
    }

    static func made(_ count: Int) -> [String] { MadeUpList.ids(count, seed: UInt64(count)) }
}

extension Program {
    /// Runs a snapshot against a sandbox, into `reports` of the directory.
    static func snapshot(
        _ arguments: [String],
        in directory: String,
        of sandbox: SandboxHandle,
        token: String = Program.canary
    ) async throws -> ToolResult {
        try await run(
            ["snapshot", "--base-url", sandbox.url, "--settle", "100ms"] + arguments,
            in: directory,
            environment: ["VIBER_AUTH_TOKEN": token]
        )
    }
}
