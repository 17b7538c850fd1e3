import Foundation
import Subprocess
import SystemPackage

/// The real binary, run as a user runs it.
package enum Program {
    /// The binary next to the test bundle, or the path in `VIBER_ROLLCALL_BINARY`.
    package static let path: String =
        Tool.own("VIBER_ROLLCALL_BINARY")
        ?? URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent().path
        + "/viber-rollcall"

    package static func run(
        _ arguments: [String],
        in directory: String,
        environment: [String: String] = [:],
        input: [UInt8] = []
    ) async throws -> ToolResult {
        try await Tool.run(path, arguments, in: directory, environment: environment, input: input)
    }

    /// Runs the binary's sandbox while `body` runs.
    ///
    /// - Parameters:
    ///   - arguments: further arguments of the sandbox.
    ///   - token: the token that it accepts.
    ///   - body: runs when the sandbox listens.
    /// - Returns: the result of `body`.
    /// - Throws: `SandboxDidNotStart`, or what `body` throws.
    package static func withSandbox<Result: Sendable>(
        _ arguments: [String] = [],
        token: String = Program.canary,
        _ body: (SandboxHandle) async throws -> Result
    ) async throws -> Result {
        _ = Tool.defaultSignalActions
        let result = try await Subprocess.run(
            .path(.init(path)),
            arguments: Arguments(["sandbox", "--port", "0"] + arguments),
            environment: .custom(Tool.environment(["VIBER_AUTH_TOKEN": token])),
            input: .none,
            output: .sequence,
            error: .discarded
        ) { execution in
            defer { try? execution.send(signal: .kill) }
            for try await line in execution.standardOutput.strings() {
                guard let url = line.firstMatch(of: /http:\/\/127\.0\.0\.1:[0-9]+/) else { continue }
                return try await body(SandboxHandle(url: String(url.output)))
            }
            throw SandboxDidNotStart()
        }
        return result.closureResult
    }

    /// A token that no output may contain.
    package static let canary = "c4a1c4a1c4a1c4a1-ca4a1ca4a1ca4a1c-a4a1ca4a1ca4a1ca"
}

package struct SandboxDidNotStart: Error {}

/// A sandbox that is running.
package struct SandboxHandle: Sendable {
    package var url: String

    /// The numbers of requests so far, from `/sandbox/stats`.
    package func statistics() async throws -> [String: Int] {
        let program = "import sys,urllib.request;print(urllib.request.urlopen(sys.argv[1]).read().decode())"
        let answer = try await Tool.python(program, [url + "/sandbox/stats"])
        return try JSONDecoder().decode([String: Int].self, from: Data(answer.output.utf8))
    }
}
