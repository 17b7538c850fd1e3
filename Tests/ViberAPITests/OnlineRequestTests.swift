import Model
import TestSupport
import Testing

@testable import ViberAPI

@Suite(.needs("python3")) struct OnlineRequestTests {
    @Test(
        arguments: [
            ([], #"{"ids":[]}"#),
            (["lDqKEDBQvGdIyGJBYj3uUA=="], #"{"ids":["lDqKEDBQvGdIyGJBYj3uUA=="]}"#),
            (["a/+=", "b\"\\c", "d\n\u{1}"], #"{"ids":["a/+=","b\"\\c","d\n\u0001"]}"#),
        ] as [([String], String)])
    func `is compact JSON`(_ ids: [String], _ expected: String) {
        let body = OnlineRequest.body(IDBatch(ids.map { Array($0.utf8) }))
        #expect(String(decoding: body, as: UTF8.self) == expected)
    }

    @Test func `a hundred ids in the format of Viber take less than a tenth of the limit`() {
        let ids = (0..<100).map { Array("AAAAAAAAAAAAAAAAAAA\(100 + $0)==".utf8) }
        #expect(OnlineRequest.body(IDBatch(ids)).count == 2_709)
    }

    private static let characters = Array("aZ09+/=\"\\'/<>&{}[]:, \t\n\r\u{0}\u{1f}\u{7f}éñ\u{301}\u{2028}\u{FEFF}日😀")

    @Test func `another reader finds the same ids`() async throws {
        var random = SeededRandom(seed: 5)
        var lines = ""
        for _ in 0..<300 {
            let ids = (0..<Int.random(in: 0...100, using: &random)).map { _ in
                (0..<Int.random(in: 1...30, using: &random))
                    .map { _ in String(Self.characters.randomElement(using: &random) ?? "a") }.joined()
            }
            let body = OnlineRequest.body(IDBatch(ids.map { Array($0.utf8) }))
            lines += hex(body) + ":" + ids.map { hex($0.utf8) }.joined(separator: ",") + "\n"
        }
        let program = """
            import json, sys
            lines = sys.stdin.read().splitlines()
            for number, line in enumerate(lines):
                body, ids = line.split(":")
                expected = {"ids": [bytes.fromhex(id).decode() for id in ids.split(",")] if ids else []}
                if json.loads(bytes.fromhex(body)) != expected: print("differs:", number)
            print(len(lines))
            """
        let result = try await Tool.python(program, input: Array(lines.utf8))
        #expect(result.output == "300\n")
    }

    private func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
