import Foundation
import TestSupport
import Testing

@testable import ViberAPI

@Suite(.needs("python3")) struct AuthTokenTests {
    private static let secret = "0f1e2d3c4b5a6978-8796a5b4c3d2e1f0-0011223344556677"

    private func token() throws -> AuthToken { try AuthToken(Array(Self.secret.utf8)) }

    @Test(arguments: ["", "\n", "\r\n", "\r"])
    func `strips one line end`(_ lineEnd: String) throws {
        #expect(try AuthToken(Array((Self.secret + lineEnd).utf8)).value == Self.secret)
    }

    @Test func `accepts any printable ASCII`() throws {
        let all = Array(UInt8(0x21)...0x7E)
        #expect(Array(try AuthToken(all).value.utf8) == all)
        #expect(try AuthToken([UInt8](repeating: 0x61, count: 4_096) + [0x0A]).value.utf8.count == 4_096)
    }

    @Test(
        arguments: [
            ([], .empty), ([0x0A], .empty), ([0x0D, 0x0A], .empty),
            ([UInt8](repeating: 0x61, count: 4_097), .tooLong),
            (Array("abc\n\n".utf8), .badCharacter(at: 4)), (Array("abc\r\n\r\n".utf8), .badCharacter(at: 4)),
            (Array("abc\ndef".utf8), .badCharacter(at: 4)), (Array("abc\n\r".utf8), .badCharacter(at: 4)),
            (Array(" abc".utf8), .badCharacter(at: 1)), (Array("abc ".utf8), .badCharacter(at: 4)),
            (Array("a\tc".utf8), .badCharacter(at: 2)), (Array("ab\u{0}".utf8), .badCharacter(at: 3)),
            (Array("\u{FEFF}abc".utf8), .badCharacter(at: 1)), (Array("abé".utf8), .badCharacter(at: 3)),
            ([0x61, 0x7F], .badCharacter(at: 2)), ([0x61, 0xFF], .badCharacter(at: 2)),
        ] as [([UInt8], AuthToken.ParseError)])
    func `refuses bytes that a header cannot contain`(_ bytes: [UInt8], _ problem: AuthToken.ParseError) {
        #expect(throws: problem) { try AuthToken(bytes) }
    }

    @Test(arguments: [" ", "\n", "\u{0}", "é", "\u{FEFF}", String(repeating: "x", count: 5_000)])
    func `an error has the offset and never the text`(_ fault: String) throws {
        let problem = try #require(throws: AuthToken.ParseError.self) {
            try AuthToken(Array((Self.secret + fault + "tail-of-it").utf8))
        }
        for text in [problem.description, "\(problem)", String(reflecting: problem)] {
            #expect(!text.contains("0f1e2d"))
            #expect(!text.contains("tail"))
        }
        if case .badCharacter = problem { #expect("\(problem)".contains("byte \(Self.secret.utf8.count + 1)")) }
    }

    private struct Holder {
        var token: AuthToken
        var another: AuthToken?
    }

    private enum Failure: Error { case with(AuthToken) }

    @Test func `nothing prints it`() throws {
        let token = try token()
        let holder = Holder(token: token, another: token)
        let options = ViberClient.Options(
            baseURL: .viber, token: token, timeout: .seconds(1), caFile: nil, keepWebhook: false)
        var texts = ["\(token)", String(reflecting: token), String(describing: token), token.description]
        let values: [Any] = [
            token, Optional(token) as Any, [token], ["key": token], (token, token), holder, options,
            Failure.with(token),
            RedactedText(hiding: token), Result<AuthToken, any Error>.success(token),
        ]
        for value in values {
            var dumped = ""
            dump(value, to: &dumped)
            texts += ["\(value)", String(reflecting: value), dumped]
        }
        for text in texts { #expect(!text.contains(Self.secret.prefix(6)), "\(text)") }
        #expect("\(token)" == "<token>")
        #expect("\(holder)".contains("<token>"))
        #expect(Mirror(reflecting: token).children.isEmpty)
    }

    @Test func `cannot be encoded`() throws {
        let token: Any = try token()
        #expect(!(token is any Encodable))
        #expect(!(token is any Decodable))
    }

    /// Python's `str.replace` is the reference; an alphabet of few letters makes near misses and overlaps common.
    @Test func `redacts every occurrence`() async throws {
        var random = SeededRandom(seed: 3)
        var lines = ""
        for _ in 0..<3_000 {
            let secret = (0..<Int.random(in: 1...5, using: &random)).map { _ in
                "ab".randomElement(using: &random) ?? "a"
            }
            let text = (0..<Int.random(in: 0...30, using: &random)).map { _ in
                "aab-".randomElement(using: &random) ?? "a"
            }
            let token = try AuthToken(Array(String(secret).utf8))
            let shown = String(decoding: token.redacting(Array(String(text).utf8)), as: UTF8.self)
            lines += "\(String(secret))|\(String(text))|\(shown)\n"
        }
        let program = """
            import sys
            lines = sys.stdin.read().splitlines()
            for line in lines:
                secret, text, shown = line.split("|")
                if text.replace(secret, "<token>") != shown: print(line)
            print(len(lines))
            """
        let result = try await Tool.python(program, input: Array(lines.utf8))
        #expect(result.output == "3000\n")
    }
}
