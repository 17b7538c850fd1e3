import Formats
import TestSupport
import Testing

@Suite struct JSONTextTests {
    @Test func `python reads back what was escaped`() async throws {
        var random = SeededRandom(seed: 4)
        let texts = (0..<1_500).map { _ in random.text(upTo: 24) }
        let lines = texts.map { text in
            var out = [UInt8(ascii: "\"")]
            JSONText.escape(ArraySlice(text.utf8), into: &out)
            return hex(out + [UInt8(ascii: "\"")])
        }
        let program = """
            import json, sys
            for line in sys.stdin:
                print(json.loads(bytes.fromhex(line).decode()).encode().hex())
            """
        #expect(try await pythonLines(program, input: lines.joined(separator: "\n")) == texts.map { hex($0.utf8) })
    }

    @Test func `what Python escapes is read back`() async throws {
        var random = SeededRandom(seed: 5)
        let texts = (0..<1_500).map { _ in random.text(upTo: 24) }
        let program = """
            import json, sys
            for number, line in enumerate(sys.stdin):
                text = json.dumps(bytes.fromhex(line).decode(), ensure_ascii=number % 2 == 0)
                print(text[1:-1].encode().hex())
            """
        let escaped = try await pythonLines(program, input: texts.map { hex($0.utf8) + "\n" }.joined())
        try #require(escaped.count == texts.count)
        for (text, line) in zip(texts, escaped) {
            #expect(JSONText.unescape(try unhex(line)[...]) == Array(text.utf8))
        }
    }

    @Test(arguments: [
        ("a/b", "a/b"), ("\"", "\\\""), ("\\", "\\\\"), ("\n\r\t", "\\n\\r\\t"), ("\u{0}\u{1f}", "\\u0000\\u001f"),
        ("\u{8}\u{c}", "\\u0008\\u000c"), ("\u{7f}\u{2028}é😀", "\u{7f}\u{2028}é😀"), ("", ""),
    ])
    func `only necessary escapes are written`(text: String, escaped: String) {
        var out: [UInt8] = []
        JSONText.escape(ArraySlice(text.utf8), into: &out)
        #expect(String(decoding: out, as: UTF8.self) == escaped)
    }

    @Test(arguments: [
        (#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{c}\n\r\t"), (#"\u0041\u00e9\u00E9\u20ac"#, "Aéé€"),
        (#"\ud83d\ude00"#, "😀"), (#"x\uD83D\uDE00y"#, "x😀y"), (#"\uDBFF\uDFFF"#, "\u{10FFFF}"),
        (#"\ud800\udc00"#, "\u{10000}"), (#"\uffff\u0000"#, "\u{ffff}\u{0}"), (#"a\\u0041"#, #"a\u0041"#), ("", ""),
    ])
    func `every escape is decoded`(escaped: String, text: String) {
        #expect(JSONText.unescape(Array(escaped.utf8)[...]) == Array(text.utf8))
    }

    @Test(arguments: [
        #"\"#, #"a\"#, #"\x41"#, #"\U0041"#, #"\0"#, #"\'"#, #"\u"#, #"\u1"#, #"\u004"#, #"\u00g1"#, #"\u+041"#,
        #"\u 041"#, #"\ud800"#, #"\udbff!"#, #"\udc00"#, #"\ud800\u0041"#, #"\ud800\ud800"#, #"\ud83d\"#,
        #"\ud83d\u"#, #"\ud83d\ude0"#, #"\ud83d\n"#,
    ])
    func `invalid escapes are refused`(escaped: String) { #expect(JSONText.unescape(Array(escaped.utf8)[...]) == nil) }

    @Test func `the indentation is that of Python`() async throws {
        let program = """
            import json, random
            random.seed(6)
            pieces = ["a", "é", '"', "\\\\", "{", "}", "[", "]", ":", ",", " ", "\\n", "😀", "\\0"]
            def text():
                return "".join(random.choices(pieces, k=random.randrange(6)))
            def value(depth):
                kind = random.randrange(9 if depth < 4 else 5)
                if kind == 0: return random.randrange(-10**18, 10**18)
                if kind == 1: return random.choice([None, True, False, 0.25, -1e300])
                if kind < 5: return text()
                if kind < 7: return [value(depth + 1) for _ in range(random.randrange(4))]
                return {text(): value(depth + 1) for _ in range(random.randrange(4))}
            for _ in range(400):
                document = value(0)
                compact = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
                indented = json.dumps(document, ensure_ascii=False, indent=2) + "\\n"
                print(compact.encode().hex(), indented.encode().hex())
            """
        for line in try await pythonLines(program) {
            let parts = line.split(separator: " ")
            let indented = JSONText.indented(try unhex(parts[0]))
            #expect(indented == (try unhex(parts[1])), "\(String(decoding: indented, as: UTF8.self))")
        }
    }
}
