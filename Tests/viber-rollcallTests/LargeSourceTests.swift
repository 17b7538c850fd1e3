import Foundation
import TestSupport
import Testing

/// Sources that would fill the memory of a program that keeps them; they come through a pipe.
@Suite(.needs("python3")) struct LargeSourceTests {
    /// Runs a snapshot of a list while a Python program writes it.
    ///
    /// - Returns: the result of the run, its peak memory in bytes, and the rejected rows.
    private func run(
        _ list: String,
        faults: [String] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> (result: ToolResult, peak: Int, rejected: String?) {
        try await withTemporaryDirectory { directory in
            let arguments = ["--try-later", "0"] + faults.flatMap { ["--fault", $0] }
            return try await Program.withSandbox(arguments) { sandbox in
                let result = try await Program.takeRoll(
                    ["-", "--base-url", sandbox.url, "--rate", "0"], in: directory,
                    environment: ["VIBER_AUTH_TOKEN": Program.canary], under: [Tool.python, "-c", Self.writer, list],
                    ids: "ids", makes: ["ids", "peak"], sourceLocation: sourceLocation)
                let peak = try #require(Int(try String(contentsOfFile: directory + "/peak", encoding: .utf8)))
                let rejected = try? String(contentsOfFile: directory + "/reports/latest/rejected.csv", encoding: .utf8)
                return (result, peak, rejected)
            }
        }
    }

    /// Runs a program, writes a list into its standard input, and leaves its peak memory in `peak`.
    private static let writer = """
        import resource, subprocess, sys
        run = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE)
        ids, write = open("ids", "wb"), run.stdin.write
        def user(number):
            write(b"subscriber/%09d==\\n" % number)
            ids.write(b"subscriber/%09d==\\n" % number)
        exec(sys.argv[1])
        ids.close()
        run.stdin.close()
        code = run.wait()
        open("peak", "w").write(str(1024 * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
        sys.exit(code)
        """

    /// The list is read to its end and every id is accounted for, although the run ends with the first response.
    @Test func `a long list takes few bytes per id`() async throws {
        let count = 100_000
        let faults = ["redirect@1-"]
        let few = try await run("write(b'id\\n'); [user(n) for n in range(100)]", faults: faults)
        let many = try await run("write(b'id\\n'); [user(n) for n in range(\(count))]", faults: faults)
        #expect(few.result.code == 78 && many.result.code == 78, "\(many.result.error)")
        #expect(many.result.output.contains("100,000 rows, 100,000 ids"), "\(many.result.output)")
        // A set of strings takes more than 100 bytes per id.
        #expect(many.peak - few.peak < count * 70, "\(few.peak), then \(many.peak)")
    }

    @Test func `a line without end takes no memory`() async throws {
        let list = "write(b'id\\n'); user(1); [write(b'x' * (1 << 20)) for _ in range(256)]; write(b'\\n'); user(2)"
        let (result, peak, rejected) = try await run(list)
        #expect(result.code == 0, "\(result.error)")
        #expect(rejected?.contains("\n3,id_too_long,xxx") == true, "\(rejected ?? "none")")
        #expect(peak < 100_000_000)
    }

    @Test func `columns without end take no memory`() async throws {
        let list = "write(b'id\\n'); user(1); write(b',' * 10_000_000 + b'\\n'); user(2)"
        let (result, peak, rejected) = try await run(list)
        #expect(result.code == 0, "\(result.error)")
        #expect(rejected == "line,reason,value,rows\n3,blank,,1\n")
        #expect(peak < 100_000_000)
    }
}
