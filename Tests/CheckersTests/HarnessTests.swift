import Foundation
import TestSupport
import Testing

/// `Program.takeRoll` checks every run. Here a wrapper breaks something after the program has ended, and the check must
/// find it.
///
/// A finding is an issue of the test, so it is expected as a known issue: without a finding `withKnownIssue` fails.
@Suite(.needs("python3")) struct HarnessTests {
    struct Violation: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// Python code that runs after the program has ended.
        var does: String
        /// A part of the finding.
        var says: String
    }

    private static let violations = [
        Violation(testDescription: "another exit code", does: "code = 3", says: "exit code 3, and latest is link to"),
        Violation(
            testDescription: "the status of another id", does: "edit(b',online,', b',offline,')",
            says: "hold different rows"
        ),
        Violation(testDescription: "a missing link", does: "os.remove('reports/latest')", says: "latest is None"),
        Violation(
            testDescription: "an extra file", does: "open('reports/latest.new', 'w')",
            says: "reports/latest.new is left"),
        Violation(
            testDescription: "a temporary file", does: "open(os.environ['TMPDIR'] + '/x', 'w')",
            says: "x is left in TMPDIR"),
        Violation(
            testDescription: "a changed source", does: "open('list.csv', 'a').write('c\\n')",
            says: "list.csv was changed"),
        Violation(
            testDescription: "a history row of no run", does: "open('reports/history.csv', 'a').write('x\\n')",
            says: "history.csv has a row of no run"),
        Violation(
            testDescription: "a secret in the output", does: "print(token[:25])", says: "the secret is in"),
        Violation(
            testDescription: "a secret in an error message", does: "print(token.encode().hex(), file=sys.stderr)",
            says: "the secret is in"),
    ]

    @Test(arguments: violations)
    func `a violation is found`(_ violation: Violation) async throws {
        try await withTemporaryDirectory { directory in
            try write("id\na\nb\n", to: directory + "/list.csv")
            try await Program.withSandbox(["--try-later", "0"]) { sandbox in
                try await withKnownIssue {
                    _ = try await run(["--base-url", sandbox.url], in: directory, violation: violation.does)
                } matching: { issue in
                    issue.comments.contains { $0.rawValue.contains(violation.says) }
                }
            }
        }
    }

    /// Otherwise the test above would accept any finding.
    @Test func `a run without a violation passes`() async throws {
        try await withTemporaryDirectory { directory in
            try write("id\na\nb\n", to: directory + "/list.csv")
            try await Program.withSandbox(["--try-later", "0"]) { sandbox in
                for _ in 0..<2 {
                    let ran = try await run(["--base-url", sandbox.url], in: directory, violation: "pass")
                    #expect(ran.code == 0, "\(ran.error)")
                }
            }
        }
    }

    /// The expected ids are in another order than the list.
    @Test func `the order of the ids is checked`() async throws {
        try await withTemporaryDirectory { directory in
            try write("id\na\nb\n", to: directory + "/list.csv")
            try write("b\na\n", to: directory + "/ids")
            try await Program.withSandbox(["--try-later", "0"]) { sandbox in
                try await withKnownIssue {
                    _ = try await Program.snapshot(["list.csv"], in: directory, of: sandbox, ids: "ids")
                } matching: { issue in
                    issue.comments.contains { $0.rawValue.contains("ids in order") }
                }
            }
        }
    }

    private func run(_ arguments: [String], in directory: String, violation: String) async throws -> ToolResult {
        try await Program.takeRoll(
            ["list.csv"] + arguments, in: directory, environment: ["VIBER_AUTH_TOKEN": Program.canary],
            under: [Tool.python, "-c", Self.wrapper, violation])
    }

    private static let wrapper = """
        import glob, gzip, os, subprocess, sys
        code = subprocess.run(sys.argv[2:]).returncode
        token = os.environ["VIBER_AUTH_TOKEN"]
        def edit(old, new):
            path = glob.glob("reports/2*/subscribers.csv.gz")[0]
            content = gzip.open(path).read()
            assert old in content
            gzip.open(path, "wb").write(content.replace(old, new))
        exec(sys.argv[1])
        sys.exit(code)
        """
}
