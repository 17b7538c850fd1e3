import Foundation
package import Testing

extension Program {
    /// Runs a roll call with the binary, and checks all that it leaves with programs that share no code with it.
    ///
    /// Each mistake is an issue of the test: snapshots, exit code, `latest`, history and files must agree, no other
    /// file in the directory may be created, removed or changed, and no file may contain the secret in any form.
    ///
    /// - Parameters:
    ///   - arguments: the arguments of the binary.
    ///   - directory: the working directory.
    ///   - environment: the environment; `TMPDIR` is added.
    ///   - input: the standard input.
    ///   - command: a command that runs the binary, whose path and arguments are appended to it, and returns its exit
    ///     code.
    ///   - ids: a file in `directory` with the ids that must be published in order, one per line.
    ///   - sandbox: whether the run uses the sandbox, so that each definite status is known.
    ///   - secret: the token.
    ///   - makes: names in `directory` that may also be created or changed.
    ///   - setting: a special condition of the run.
    ///   - sourceLocation: the line of the test.
    /// - Returns: the result of the command.
    /// - Throws: what running programs and writing files throws.
    package static func takeRoll(
        _ arguments: [String],
        in directory: String,
        environment: [String: String] = [:],
        input: [UInt8] = [],
        under command: [String] = [],
        ids: String? = nil,
        sandbox: Bool = true,
        secret: String = Program.canary,
        makes: [String] = [],
        setting: RunSetting = .ordinary,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> ToolResult {
        try await withTemporaryDirectory { scratch in
            try FileManager.default.createDirectory(atPath: scratch + "/tmp", withIntermediateDirectories: false)
            let before = try RunCheckInput.listing(of: directory)
            let words = command + [path] + arguments
            let result = try await Tool.run(
                words[0], Array(words.dropFirst()), in: directory,
                environment: ["TMPDIR": scratch + "/tmp"].merging(environment) { $1 }, input: input)
            try write(result.output, to: scratch + "/stdout")
            try write(result.error, to: scratch + "/stderr")

            func whole(_ path: String) -> String { path.hasPrefix("/") ? path : directory + "/" + path }
            func option(_ name: String) -> String? {
                arguments.firstIndex(of: name).flatMap { $0 + 1 < arguments.count ? arguments[$0 + 1] : nil }
            }
            let output = option("--output-dir") ?? environment["VIBER_ROLLCALL_OUTPUT_DIR"] ?? "reports"
            let tokens = [
                option("--token-file"), environment["VIBER_AUTH_TOKEN_FILE"],
                environment["CREDENTIALS_DIRECTORY"].map { $0 + "/viber-auth-token" },
            ]
            let checked = try await Checkers.check(
                RunCheckInput(
                    directory: directory, output: whole(output), before: before, scratch: scratch, code: result.code,
                    ids: ids.map(whole), sandbox: sandbox, secret: secret, spared: tokens.compactMap { $0 }.map(whole),
                    makes: makes, setting: setting))
            if checked.code != 0 {
                Issue.record("\(checked.output)\(checked.error)", sourceLocation: sourceLocation)
            }
            return result
        }
    }

    /// Runs and checks a roll call against a sandbox, with `reports` in the directory as output directory.
    package static func snapshot(
        _ arguments: [String],
        in directory: String,
        of sandbox: SandboxHandle,
        ids: String? = nil,
        makes: [String] = [],
        setting: RunSetting = .ordinary,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> ToolResult {
        try await takeRoll(
            ["snapshot", "--base-url", sandbox.url, "--settle", "100ms"] + arguments,
            in: directory, environment: ["VIBER_AUTH_TOKEN": canary], ids: ids, makes: makes, setting: setting,
            sourceLocation: sourceLocation)
    }
}
