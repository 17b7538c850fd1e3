import Glibc
import Subprocess
import SystemPackage

/// The result of a program.
package struct ToolResult: Sendable {
    /// The exit code, or 128 plus the signal that ended it.
    package var code: Int32
    package var output: String
    package var error: String
    /// The time from its start to its end.
    package var duration: Duration
}

/// Runs other programs: the real binary, Python as an independent reader, `gzip`, `sqlite3`.
package enum Tool {
    /// Runs a program and waits for its end.
    ///
    /// - Parameters:
    ///   - executable: the path, or a name that is looked up in `PATH`.
    ///   - arguments: the arguments.
    ///   - directory: the working directory; nil for the current one.
    ///   - environment: the whole environment; `PATH` and `HOME` are added.
    ///   - input: the standard input.
    /// - Returns: the exit code and the output.
    /// - Throws: what starting the program throws.
    package static func run(
        _ executable: String,
        _ arguments: [String],
        in directory: String? = nil,
        environment: [String: String] = [:],
        input: [UInt8] = []
    ) async throws -> ToolResult {
        _ = defaultSignalActions
        let startedAt = ContinuousClock.now
        let result = try await Subprocess.run(
            executable.contains("/") ? .path(.init(executable)) : .name(executable),
            arguments: Arguments(arguments),
            environment: .custom(Self.environment(environment)),
            workingDirectory: directory.map { .init($0) },
            input: .array(input),
            output: .bytes(limit: 1 << 26),
            error: .bytes(limit: 1 << 24)
        )
        return ToolResult(
            code: Self.code(result.terminationStatus),
            output: String(decoding: result.standardOutput, as: UTF8.self),
            error: String(decoding: result.standardError, as: UTF8.self),
            duration: startedAt.duration(to: .now)
        )
    }

    /// Under `&` or `nohup` the tests ignore signals, and the programs that they start would inherit this.
    static let defaultSignalActions: Void = { for number in [SIGHUP, SIGINT] { _ = signal(number, SIG_DFL) } }()

    /// Runs a Python program, given as text, with the interpreter that `make test` prepared.
    package static func python(_ program: String, _ arguments: [String] = [], input: [UInt8] = []) async throws
        -> ToolResult
    {
        try await run(python, ["-c", program] + arguments, input: input)
    }

    /// The interpreter: `VIBER_ROLLCALL_PYTHON`, which has duckdb and pandas, or else the system's.
    package static var python: String { own("VIBER_ROLLCALL_PYTHON") ?? "python3" }

    static func environment(_ own: [String: String]) -> [Environment.Key: String] {
        var all: [String: String] = ["PATH": Self.own("PATH") ?? "/usr/bin:/bin", "HOME": Self.own("HOME") ?? "/"]
        all.merge(own) { $1 }
        return Dictionary(uniqueKeysWithValues: all.map { (Environment.Key(stringLiteral: $0.key), $0.value) })
    }

    static func code(_ status: TerminationStatus) -> Int32 {
        switch status {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
    }
}
