import TestSupport
import Testing

@testable import ViberAPI

@Suite struct RedactedTextTests {
    private func sanitized(_ text: String) throws -> String {
        RedactedText(hiding: try AuthToken(Array(Program.canary.utf8))).sanitized(text)
    }

    @Test(arguments: [
        ("", ""), ("badData", "badData"), ("не знайдено 日本 😀", "не знайдено 日本 😀"),
        ("\u{1b}[2J\u{7}", #"\u{1b}[2J\u{7}"#), ("a\r\nFrom: root\n", #"a\u{d}\u{a}From: root\u{a}"#),
        ("\u{0}\t\u{7f}\u{85}", #"\u{0}\u{9}\u{7f}\u{85}"#), ("a\u{2028}b\u{2029}", #"a\u{2028}b\u{2029}"#),
        ("\u{202e}evil\u{200b}\u{feff}", #"\u{202e}evil\u{200b}\u{feff}"#), ("\u{e000}", #"\u{e000}"#),
    ])
    func `escapes what moves a cursor or hides`(_ text: String, _ expected: String) throws {
        #expect(try sanitized(text) == expected)
    }

    @Test func `shortens to two hundred bytes`() throws {
        let just = String(repeating: "x", count: 200)
        #expect(try sanitized(just) == just)
        #expect(try sanitized(just + "x") == just + "…")
        #expect(try sanitized(String(repeating: "x", count: 1 << 20)) == just + "…")
    }

    @Test func `bytes are shortened to the given limit`() throws {
        let text = RedactedText(hiding: try AuthToken(Array(Program.canary.utf8)))
        #expect(text.sanitized(Array("abcdef".utf8), limit: 6) == "abcdef")
        #expect(text.sanitized(Array("abcdef".utf8), limit: 5) == "abcde…")
        #expect(text.sanitized(Array("abc\n".utf8), limit: 7) == "abc…")
        #expect(text.sanitized([0x61, 0xFF, 0x62], limit: 9) == "a\u{FFFD}b")
    }

    @Test(arguments: ["\u{1b}", "é", "日", "😀", "\u{2028}"])
    func `never exceeds the limit or splits a character`(_ character: String) throws {
        let text = try sanitized("x" + String(repeating: character, count: 300))
        #expect(text.hasSuffix("…"))
        #expect(text.utf8.count <= 200 + "…".utf8.count)
        #expect(text.utf8.count > 180)
        #expect(!text.contains("\u{FFFD}"))
    }

    @Test func `hides the token`() throws {
        #expect(try sanitized("token \(Program.canary) refused") == "token <token> refused")
        #expect(try sanitized(Program.canary + Program.canary) == "<token><token>")
    }

    /// Redacting long tokens shortens the text, so that a truncated token moves into the printed part.
    @Test(arguments: [50, 1_000, AuthToken.limit])
    func `hides a token after others`(_ length: Int) throws {
        let token = String((Program.canary + String(repeating: "z", count: AuthToken.limit)).prefix(length))
        let text = RedactedText(hiding: try AuthToken(Array(token.utf8)))
        for count in [8, 9, 200, 1_000] {
            let shown = text.sanitized(Array("x\(String(repeating: token, count: count))".utf8), limit: 200)
            #expect(!shown.contains(token.prefix(8)), "\(shown)")
        }
    }

    @Test(arguments: 140...205)
    func `hides a token that shortening would split`(_ offset: Int) throws {
        let text = try sanitized(String(repeating: "x", count: offset) + Program.canary + "tail")
        #expect(!text.contains(Program.canary.prefix(8)))
    }
}
