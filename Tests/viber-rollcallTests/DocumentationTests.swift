import TestSupport
import Testing

/// README and docs say what the program does: options, defaults, commands, exit codes, columns, keys, and every command line.
@Suite(.needs("python3")) struct DocumentationTests {
    @Test func `the checker refuses planted documents`() async throws {
        let proof = try await Checkers.run("check_docs.py", ["--prove"])
        #expect(proof.code == 0, "\(proof.output)\(proof.error)")
    }

    @Test func `the documents say what the program does`() async throws {
        let checked = try await Checkers.run("check_docs.py", [Program.path, Machine.root])
        #expect(checked.code == 0, "\(checked.output)\(checked.error)")
    }
}
