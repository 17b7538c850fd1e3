import Foundation
import TestSupport
import Testing

/// Every whole run is looked at afterwards; here something is wrong with each, behind the program's back, and is seen.
///
/// What is seen is an issue of the test, so it is expected as a known one: without it `withKnownIssue` fails.
@Suite(.needs("python3")) struct HarnessTests {
    struct Violation: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// Python, once the program has ended.
        var does: String
        /// What is said of it.
        var says: String
    }

    private static let misdeeds = [
        Violation(testDescription: "another exit code", does: "code = 3", says: "exit code 3, and latest is link to"),
        Violation(
            testDescription: "a status of another", does: "edit(b',online,', b',offline,')", says: "hold different rows"
        ),
        Violation(testDescription: "a link that is gone", does: "os.remove('reports/latest')", says: "latest is None"),
        Violation(
            testDescription: "a file too much", does: "open('reports/latest.new', 'w')",
            says: "reports/latest.new is left"),
        Violation(
            testDescription: "a temporary file", does: "open(os.environ['TMPDIR'] + '/x', 'w')",
            says: "x is left in TMPDIR"),
        Violation(
            testDescription: "a source that was changed", does: "open('list.csv', 'a').write('c\\n')",
            says: "list.csv was changed"),
        Violation(
            testDescription: "a history of something else", does: "open('reports/history.csv', 'a').write('x\\n')",
            says: "history.csv has a row of no run"),
        Violation(
            testDescription: "a secret said", does: "print(token[:25])", says: "the secret is in"),
        Violation(
            testDescription: "a secret complained of", does: "print(token.encode().hex(), file=sys.stderr)",
            says: "the secret is in"),
    ]

    @Test(arguments: misdeeds)
    func `what a run may not do is seen`(_ misdeed: Violation) async throws {
        try await withTemporaryDirectory { directory in
            try write("id\na\nb\n", to: directory + "/list.csv")
            try await Program.withSandbox(["--try-later", "0"]) { sandbox in
                try await withKnownIssue {
                    _ = try await run(["--base-url", sandbox.url], in: directory, misdeed: misdeed.does)
                } matching: { issue in
                    issue.comments.contains { $0.rawValue.contains(misdeed.says) }
                }
            }
        }
    }

    /// Else anything would be seen above.
    @Test func `a run without a misdeed passes`() async throws {
        try await withTemporaryDirectory { directory in
            try write("id\na\nb\n", to: directory + "/list.csv")
            try await Program.withSandbox(["--try-later", "0"]) { sandbox in
                for _ in 0..<2 {
                    let ran = try await run(["--base-url", sandbox.url], in: directory, misdeed: "pass")
                    #expect(ran.code == 0, "\(ran.error)")
                }
            }
        }
    }

    /// Two ids are not what the list says, by their order.
    @Test func `the IDs are those of the list`() async throws {
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

    private func run(_ arguments: [String], in directory: String, misdeed: String) async throws -> ToolResult {
        try await Program.takeRoll(
            ["list.csv"] + arguments, in: directory, environment: ["VIBER_AUTH_TOKEN": Program.canary],
            under: [Tool.python, "-c", Self.wrapper, misdeed])
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
