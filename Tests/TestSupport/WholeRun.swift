import Foundation
package import Testing

extension Program {
    /// Runs the binary so that it takes a roll call, and has all that it left checked by programs that share no code with it.
    ///
    /// Whatever is wrong is an issue of the test: snapshots, exit code, `latest`, history and files have to agree, nothing
    /// else may come, go or change in the directory, and the secret may be nowhere, in no form.
    /// `under`: a command that runs the program, which is put behind it with its arguments, and ends with its exit code.
    /// `ids`: a file in the directory with the ids that have to be published, one a line, in order.
    /// `sandbox`: whether the sandbox is asked, so that each definite status is known.
    /// `makes`: names in the directory that may come or change besides.
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
            let before = try RunFacts.listing(of: directory)
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
                RunFacts(
                    directory: directory, output: whole(output), before: before, scratch: scratch, code: result.code,
                    ids: ids.map(whole), sandbox: sandbox, secret: secret, spared: tokens.compactMap { $0 }.map(whole),
                    makes: makes, setting: setting))
            if checked.code != 0 {
                Issue.record("\(checked.output)\(checked.error)", sourceLocation: sourceLocation)
            }
            return result
        }
    }

    /// Takes the roll of a sandbox's subscribers, and has it checked; into `reports` of the directory.
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
