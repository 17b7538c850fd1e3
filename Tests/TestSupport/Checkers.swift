import Foundation

/// The independent checkers, which share no code with the program. Before one is used, all of them are proven once.
package enum Checkers {
    /// Checks a snapshot by its contract.
    /// `run`: directory of the snapshot.
    /// `ids`: a file of the ids expected, one a line, in order.
    /// `sandbox`: whether every definite status has to be the sandbox's.
    /// Returns code 0 and a line, or code 1 and what is wrong.
    package static func check(_ run: String, ids: String? = nil, sandbox: Bool = true) async throws -> ToolResult {
        try await proven(
            "check_snapshot.py", [run] + (ids.map { ["--ids", $0] } ?? []) + (sandbox ? ["--sandbox"] : []))
    }

    /// Searches files for a secret in any form.
    /// `secret`: what must not be there.
    /// `paths`: files and directories.
    /// Returns code 0 if it is in none of them.
    package static func find(_ secret: String, in paths: [String]) async throws -> ToolResult {
        try await proven("find_secret.py", [secret] + paths)
    }

    /// Checks all that a run left.
    /// Returns code 0, or code 1 and what is wrong.
    static func check(_ run: RunFacts) async throws -> ToolResult {
        try await proven("check_run.py", input: Array(try JSONEncoder().encode(run)))
    }

    /// Runs one of the checkers as it is.
    package static func run(
        _ script: String,
        _ arguments: [String] = [],
        input: [UInt8] = []
    ) async throws -> ToolResult {
        try await Tool.run(Tool.python, ["-B", Machine.root + "/Tests/Checkers/" + script] + arguments, input: input)
    }

    private static func proven(
        _ script: String,
        _ arguments: [String] = [],
        input: [UInt8] = []
    ) async throws -> ToolResult {
        let proof = try await proof.value
        guard proof.code == 0 else { throw UnprovenCheckers(description: proof.output + proof.error) }
        return try await run(script, arguments, input: input)
    }

    /// One for the whole process, whoever needs it first.
    private static let proof = Task { try await run("test_checkers.py", [Machine.root + "/reports/sample"]) }
}

/// A checker passes what it should refuse, or refuses what is sound; nothing it says counts.
package struct UnprovenCheckers: Error, CustomStringConvertible {
    package var description: String
}
