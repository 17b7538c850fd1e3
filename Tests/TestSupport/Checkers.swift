import Foundation

/// The independent checkers, which share no code with the program. They are all tested once before the first use.
package enum Checkers {
    /// Checks a snapshot against its contract.
    ///
    /// - Parameters:
    ///   - run: the directory of the snapshot.
    ///   - ids: a file of the expected ids in order, one per line; nil to expect any ids.
    ///   - sandbox: whether every definite status must be the one that the sandbox gives.
    /// - Returns: code 0 and one line, or code 1 and what is wrong.
    /// - Throws: `FailedCheckers`, or what running Python throws.
    package static func check(_ run: String, ids: String? = nil, sandbox: Bool = true) async throws -> ToolResult {
        try await runTested(
            "check_snapshot.py", [run] + (ids.map { ["--ids", $0] } ?? []) + (sandbox ? ["--sandbox"] : []))
    }

    /// Searches files for a secret in any form.
    ///
    /// - Parameters:
    ///   - secret: the text that no file may hold.
    ///   - paths: files and directories.
    /// - Returns: code 0 if none of them holds the secret.
    /// - Throws: `FailedCheckers`, or what running Python throws.
    package static func find(_ secret: String, in paths: [String]) async throws -> ToolResult {
        try await runTested("find_secret.py", [secret] + paths)
    }

    /// Checks everything that a run left.
    ///
    /// - Parameter run: the run.
    /// - Returns: code 0, or code 1 and what is wrong.
    /// - Throws: `FailedCheckers`, or what running Python throws.
    static func check(_ run: RunCheckInput) async throws -> ToolResult {
        try await runTested("check_run.py", input: Array(try JSONEncoder().encode(run)))
    }

    /// Runs a checker without testing it first.
    package static func run(
        _ script: String,
        _ arguments: [String] = [],
        input: [UInt8] = []
    ) async throws -> ToolResult {
        try await Tool.run(Tool.python, ["-B", Machine.root + "/Tests/Checkers/" + script] + arguments, input: input)
    }

    private static func runTested(
        _ script: String,
        _ arguments: [String] = [],
        input: [UInt8] = []
    ) async throws -> ToolResult {
        let test = try await test.value
        guard test.code == 0 else { throw FailedCheckers(description: test.output + test.error) }
        return try await run(script, arguments, input: input)
    }

    /// Runs once in the process, when the first checker is used.
    private static let test = Task { try await run("test_checkers.py", [Machine.root + "/reports/sample"]) }
}

/// A checker accepts something wrong or refuses something right, so its results cannot be used.
package struct FailedCheckers: Error, CustomStringConvertible {
    package var description: String
}
