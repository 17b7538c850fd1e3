import Foundation
import TestSupport
import Testing

/// The checkers pass their own tests, and these tests fail if a checker is broken.
@Suite(.needs("python3")) struct ProofTests {
    private static let sample = Machine.root + "/reports/sample"

    @Test func `the checkers of a run pass their tests`() async throws {
        let test = try await Checkers.run("test_checkers.py", [Self.sample])
        #expect(test.code == 0, "\(test.output)\(test.error)")
    }

    @Test(arguments: ["check_cases.py", "check_docs.py", "lint_sources.py"])
    func `the other checkers pass their tests`(_ checker: String) async throws {
        let test = try await Checkers.run(checker, ["--prove"])
        #expect(test.code == 0, "\(test.output)\(test.error)")
    }

    struct Break: Sendable, CustomTestStringConvertible {
        var checker: String
        var line: String
        var brokenLine: String
        var proof = "test_checkers.py"
        var testDescription: String { "\(checker): \(line)" }
    }

    private static let breaks = [
        Break(checker: "check_snapshot.py", line: #"self.expect("an id twice", "#, brokenLine: "(lambda *_: None)("),
        Break(checker: "check_snapshot.py", line: #"self.expect("ids in order", "#, brokenLine: "(lambda *_: None)("),
        Break(checker: "check_snapshot.py", line: "reported != sandbox(", brokenLine: "reported == sandbox("),
        Break(checker: "check_snapshot.py", line: "self.history(summary)", brokenLine: "pass"),
        Break(checker: "check_run.py", line: "self.secret()", brokenLine: "pass"),
        Break(checker: "check_run.py", line: "if latest != link:", brokenLine: "if False:"),
        Break(checker: "check_run.py", line: "self.work()", brokenLine: "pass"),
        Break(checker: "check_run.py", line: "self.changes()", brokenLine: "pass"),
        Break(checker: "find_secret.py", line: "or holds(inflated(raw), needles)", brokenLine: ""),
        Break(
            checker: "find_secret.py", line: "decoded = ESCAPE.sub(unescaped, content)", brokenLine: "decoded = content"
        ),
        Break(checker: "find_secret.py", line: "for shift in range(3)", brokenLine: "for shift in range(2)"),
        Break(
            checker: "check_cases.py", line: #"("skipped", "skipped")"#, brokenLine: #"("skipped", "passed")"#,
            proof: "check_cases.py"),
        Break(
            checker: "check_cases.py", line: "range(first, last + 1)", brokenLine: "range(1, last + 1)",
            proof: "check_cases.py"),
        Break(
            checker: "check_docs.py", line: "if name not in documented:", brokenLine: "if False:",
            proof: "check_docs.py"),
        Break(
            checker: "docs_runs.py", line: "if result.returncode in codes", brokenLine: "if True",
            proof: "check_docs.py"),
        Break(
            checker: "lint_sources.py", line: "frames.append(0)", brokenLine: "frames.append((\")\", \"$\"))",
            proof: "lint_sources.py"),
    ]

    @Test(arguments: breaks)
    func `a broken checker fails its tests`(_ broken: Break) async throws {
        try await withTemporaryDirectory { directory in
            let folder = directory + "/Checkers"
            try FileManager.default.copyItem(atPath: Machine.root + "/Tests/Checkers", toPath: folder)
            let text = try String(contentsOfFile: folder + "/" + broken.checker, encoding: .utf8)
            try #require(text.contains(broken.line))
            try write(text.replacing(broken.line, with: broken.brokenLine), to: folder + "/" + broken.checker)
            let argument = broken.proof == "test_checkers.py" ? Self.sample : "--prove"
            let proof = try await Tool.run(Tool.python, ["-B", folder + "/" + broken.proof, argument])
            #expect(proof.code == 1, "\(proof.output)")
        }
    }
}
