import Glibc
import Subprocess
import SystemPackage

/// What a program left when it ended.
package struct ToolResult: Sendable {
    /// The exit code, or 128 plus the signal that ended it.
    package var code: Int32
    package var output: String
    package var error: String
    /// From its start to its end.
    package var duration: Duration
}

/// Runs other programs: the real binary, Python as an independent reader, `gzip`, `sqlite3`.
package enum Tool {
    /// `environment`: the whole of it; `PATH` and `HOME` are added.
    /// `input`: for its standard input.
    package static func run(
        _ executable: String,
        _ arguments: [String],
        in directory: String? = nil,
        environment: [String: String] = [:],
        input: [UInt8] = []
    ) async throws -> ToolResult {
        _ = signalsAreHeard
        let began = ContinuousClock.now
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
            duration: began.duration(to: .now)
        )
    }

    /// Whoever runs the tests behind `&` or `nohup` has them ignore signals, and so would the programs that they start.
    static let signalsAreHeard: Void = { for number in [SIGHUP, SIGINT] { _ = signal(number, SIG_DFL) } }()

    /// Runs a Python program, given as text, with the interpreter that the test command prepared.
    package static func python(_ program: String, _ arguments: [String] = [], input: [UInt8] = []) async throws
        -> ToolResult
    {
        try await run(python, ["-c", program] + arguments, input: input)
    }

    /// The interpreter: `VIBER_ROLLCALL_PYTHON`, which has duckdb and pandas, else the system's.
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
