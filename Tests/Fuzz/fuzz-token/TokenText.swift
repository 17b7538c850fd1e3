import FuzzKit

@testable import ViberAPI

/// The input is the content of a token file.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = bytes(start, count)
    for times in [1, 4_096 / max(count, 1), 4_096 / max(count, 1) + 1] {
        TokenText(content: Array(repeatElement(input, count: times).joined())).check()
    }
    return 0
}

struct TokenText {
    var content: [UInt8]

    /// The content without the one line end that is allowed at its end.
    private var text: ArraySlice<UInt8> {
        let ends: [[UInt8]] = [[0x0D, 0x0A], [0x0A], [0x0D]]
        let end = ends.first { content.suffix($0.count).elementsEqual($0) }
        return content.dropLast(end?.count ?? 0)
    }

    func check() {
        let bad = text.firstIndex { !(0x21...0x7E).contains($0) }
        do {
            let token = try AuthToken(content)
            expect((1...4_096).contains(text.count) && bad == nil, "an invalid token is accepted")
            expect(Array(token.value.utf8) == Array(text), "another token")
            let shown = "\(token)\(String(reflecting: token))\([token])\(Optional(token) as Any)"
            expect(shown == "<token><token>[<token>]Optional(<token>)", "the token is shown: \(shown)")
            expect(Mirror(reflecting: token).children.isEmpty, "the token is in the mirror")
        } catch {
            switch error {
            case .empty: expect(text.isEmpty, "not empty")
            case .tooLong: expect(text.count > 4_096, "not too long")
            case .badCharacter(let position):
                expect(text.count <= 4_096 && bad.map { $0 + 1 } == position, "character \(position) is not bad")
            }
            checkShown(error)
        }
    }

    /// Checks that the message depends only on the length of the token and the position of the bad character.
    private func checkShown(_ problem: AuthToken.ParseError) {
        var other = text.map { _ in UInt8(ascii: "x") }
        if case .badCharacter(let position) = problem { other[position - 1] = 0 }
        do {
            _ = try AuthToken(other)
            broken("a token of the same form is accepted: \(problem)")
        } catch {
            expect(shown(error) == shown(problem), "the message depends on the token: \(shown(problem))")
        }
    }

    private func shown(_ problem: AuthToken.ParseError) -> String {
        var all = "\(problem)\n\(String(reflecting: problem))\n"
        dump(problem, to: &all)
        return all
    }
}
