import FuzzKit

@testable import ViberAPI

/// The input is a token, a line end, and a text of the server.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = bytes(start, count)
    let token = input.prefix { $0 != 0x0A }
    ShownText(token: token, text: Array(input.dropFirst(token.count + 1))).check()
    return 0
}

struct ShownText {
    var token: AuthToken
    var secret: [UInt8]
    var text: [UInt8]

    /// - Parameters:
    ///   - token: the token. One that is not like Viber's is replaced, since `t` or `<token>` also occurs in other
    ///     text.
    ///   - text: the text of the server.
    init(token: ArraySlice<UInt8>, text: [UInt8]) {
        let viber = "4453b6ac12345678-e02c5f12174805f9-daec9cbb5448c51f"
        let isLikeIt = token.count >= 8 && token.allSatisfy { viber.utf8.contains($0) }
        secret = isLikeIt ? Array(token) : Array(viber.utf8)
        self.text = text
        do { self.token = try AuthToken(secret) } catch { broken("\(viber) is not a token: \(error)") }
    }

    func check() {
        let redactor = RedactedText(hiding: token)
        let string = String(decoding: text, as: UTF8.self)
        expect(
            redactor.sanitized(string) == redactor.sanitized(Array(string.utf8), limit: 200),
            "a string and its bytes are shown differently")
        let all = Array(redactor.sanitized(text, limit: .max).utf8)
        for limit in [0, 1, 80, 199, 200] {
            let part = redactor.sanitized(text, limit: limit)
            check(part, limit: limit)
            if Array(part.utf8) == all { continue }
            expect(part.unicodeScalars.last == "…", "truncated without an ellipsis: \(part)")
            expect(all.starts(with: part.utf8.dropLast(3)), "the truncated text is not a prefix: \(part)")
            expect(all.count > limit, "truncated without need: \(part)")
        }
        expect(Array(redactor.sanitized(all, limit: .max).utf8) == all, "a second pass changes the text")
        checkRedacting()
    }

    private func check(_ shown: String, limit: Int) {
        let isCut = shown.unicodeScalars.last == "…"
        expect(shown.utf8.count <= limit + (isCut ? 3 : 0), "\(shown.utf8.count) bytes")
        expect(!contains(Array(shown.utf8), secret), "the token is shown")
        for scalar in shown.unicodeScalars {
            let isPlain =
                switch scalar.properties.generalCategory {
                case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
                default: true
                }
            expect(isPlain, "U+\(String(scalar.value, radix: 16)) is shown")
        }
    }

    /// Checks that the token is removed in upper and lower case, and nothing else unless the text holds an encoded
    /// token.
    private func checkRedacting() {
        let hidden = token.redacting(text)
        expect(!contains(lower(hidden), secret), "the token is in the text")
        expect(!contains(text, secret) || hidden != text, "the token is not hidden")
        let mark = Array("<token>".utf8)
        guard hidden != mark, !contains(text, mark) else { return }
        let parts = hidden.split(separator: mark, omittingEmptySubsequences: false)
        expect(lower(Array(parts.joined(separator: secret))) == lower(text), "other text was lost")
    }

    private func lower(_ text: [UInt8]) -> [UInt8] { text.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 } }

    private func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
        text.indices.contains { text[$0] == part[0] && text[$0...].starts(with: part) }
    }
}
