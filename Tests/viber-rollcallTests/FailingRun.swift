import Foundation
import TestSupport
import Testing

/// Runs that end before the first id is sent.
extension Program {
    /// Runs a snapshot of a source, and checks that no id was sent and that only the lock is left.
    static func leavesNothing(
        _ arguments: [String],
        in directory: String,
        under command: [String] = [],
        makes: [String] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> ToolResult {
        try await withSandbox { sandbox in
            let run = try await takeRoll(
                arguments + ["--base-url", sandbox.url], in: directory, environment: ["VIBER_AUTH_TOKEN": canary],
                under: command, makes: makes, sourceLocation: sourceLocation)
            #expect(run.output == "", sourceLocation: sourceLocation)
            #expect(try await sandbox.statistics()["get_online"] == 0, sourceLocation: sourceLocation)
            let left = try FileManager.default.subpathsOfDirectory(atPath: directory + "/reports").sorted()
            #expect(left == [".work", ".work/.lock"], sourceLocation: sourceLocation)
            return run
        }
    }

    /// Makes the database `bot.sqlite`.
    static func makeDatabase(_ sql: String, in directory: String) async throws {
        let made = try await Tool.run(
            "sqlite3", ["-batch", "-bail", directory + "/bot.sqlite"], input: Array(sql.utf8))
        try #require(made.code == 0, "\(made.error)")
    }
}
