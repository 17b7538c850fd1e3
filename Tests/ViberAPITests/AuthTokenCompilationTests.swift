import TestSupport
import Testing
import ViberAPI

/// The compiler rejects code that would encode a token, or compare it byte by byte.
@Suite(.needs("swiftc")) struct AuthTokenCompilationTests {
    /// The errors in a file that is compiled together with `AuthToken.swift`.
    private func errors(of code: String) async throws -> [String] {
        try await withTemporaryDirectory { directory in
            try write(
                "import Foundation\nfunc use(_ token: AuthToken) throws {\n\(code)\n}\n", to: directory + "/use.swift")
            let checked = try await Tool.run(
                "swiftc",
                [
                    "-typecheck", "-swift-version", "6", "-package-name", "x",
                    Machine.root + "/Sources/ViberAPI/AuthToken.swift", directory + "/use.swift",
                ])
            let lines = (checked.output + checked.error).split(separator: "\n").map(String.init)
            return lines.filter { $0.contains(": error: ") && $0.contains("use.swift:") }
        }
    }

    @Test func `what a token is for compiles`() async throws {
        #expect(try await errors(of: "_ = token.value + token.description").isEmpty)
    }

    @Test func `it is neither encoded nor decoded nor compared nor hashed`() async throws {
        let errors = try await errors(
            of: """
                _ = try JSONEncoder().encode(token)
                _ = try JSONDecoder().decode(AuthToken.self, from: Data())
                _ = token == token
                _ = Set([token])
                _ = token < token
                """)
        #expect(errors.count >= 5, "\\(errors)")
        for (line, name) in [(3, "Encodable"), (4, "Decodable"), (5, "=="), (6, "Hashable"), (7, "<")] {
            #expect(errors.contains { $0.contains("use.swift:\(line):") && $0.contains(name) }, "\(name): \(errors)")
        }
    }
}
