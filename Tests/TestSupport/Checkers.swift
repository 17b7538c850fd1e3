/// The independent checkers, which share no code with the program.
package enum Checkers {
    /// Checks a snapshot by its contract.
    /// `run`: directory of the snapshot.
    /// `ids`: a file of the ids expected, one a line, in order.
    /// `sandbox`: whether every status has to be the sandbox's.
    /// Returns code 0 and a line, or code 1 and what is wrong.
    package static func check(_ run: String, ids: String? = nil, sandbox: Bool = true) async throws -> ToolResult {
        try await Tool.run(
            Tool.python,
            [folder + "/check_snapshot.py", run] + (ids.map { ["--ids", $0] } ?? []) + (sandbox ? ["--sandbox"] : []))
    }

    /// Searches files for a secret in any form.
    /// `secret`: what must not be there.
    /// `paths`: files and directories.
    /// Returns code 0 if it is in none of them.
    package static func find(_ secret: String, in paths: [String]) async throws -> ToolResult {
        try await Tool.run(Tool.python, [folder + "/find_secret.py", secret] + paths)
    }

    private static var folder: String { Machine.root + "/Tests/Checkers" }
}
