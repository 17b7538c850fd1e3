import Formats
import TestSupport
import Testing

@Suite struct JSONMemberTests {
    @Test func `members equal those that Python wrote`() async throws {
        let program = """
            import json, random
            random.seed(7)
            pieces = ["a", "é", '"', "\\\\", "{", "}", "[", "]", ":", ",", " ", "\\n", "😀", "\\0", "/"]
            def text():
                return "".join(random.choices(pieces, k=random.randrange(6)))
            def string(text):
                return json.dumps(text, ensure_ascii=random.random() < 0.5)
            def joined(items, opening, closing):
                tokens = [opening]
                for number, item in enumerate(items):
                    tokens += ([","] if number else []) + item
                return tokens + [closing]
            def value(depth):
                kind = random.randrange(8 if depth < 3 else 5)
                if kind == 0: return [str(random.randrange(-10**20, 10**20))]
                if kind == 1: return [random.choice(["null", "true", "false", "1.50", "-0", "1e3", "[]", "{}"])]
                if kind < 5: return [string(text())]
                if kind == 5: return joined([value(depth + 1) for _ in range(random.randrange(4))], "[", "]")
                return joined([[string(text()), ":"] + value(depth + 1) for _ in range(random.randrange(4))], "{", "}")
            def space():
                return "".join(random.choices(" \\t\\r\\n", k=random.randrange(3)))
            for _ in range(500):
                members = {text(): value(0) for _ in range(random.randrange(6))}
                tokens = joined([[string(name), ":"] + value for name, value in members.items()], "{", "}")
                document = "".join(space() + token for token in tokens) + space()
                json.loads(document)
                listed = (name.encode().hex() + "=" + "".join(value).encode().hex() for name, value in members.items())
                print(" ".join([document.encode().hex(), *listed]))
            """
        for line in try await pythonLines(program) {
            let parts = line.split(separator: " ")
            let members = try #require(JSONMember.members(of: try unhex(parts[0])))
            #expect(members.map { hex($0.name.utf8) + "=" + hex($0.json) } == parts.dropFirst().map(String.init))
        }
    }

    @Test(arguments: [
        ("{}", []), (" \t\r\n{ } ", []), ("\u{FEFF}{\"a\":1}", ["a=1"]), (#"{"b":1,"a":2}"#, ["b=1", "a=2"]),
        (#"{"a":1,"b":2,"a":3}"#, ["a=1", "b=2"]), (#"{"a":1,"\u0061":2}"#, ["a=1"]),
        (#"{"a":[1,2,],"b":{"c":1 , }, }"#, ["a=[1,2]", #"b={"c":1}"#]),
        (#"{"a":["x,","]"],"b":"},{"}"#, [#"a=["x,","]"]"#, #"b="},{""#]),
        (#"{"a\"}":"\\","b":"\\\""}"#, [#"a"}="\\""#, #"b="\\\"""#]),
        (#"{"a":{"b":[{"c":"d e"}, 1 ]}}"#, [#"a={"b":[{"c":"d e"},1]}"#]),
    ])
    func `members come in their order without white space`(document: String, members: [String]) {
        let found = JSONMember.members(of: Array(document.utf8))
        #expect(found?.map { "\($0.name)=\(String(decoding: $0.json, as: UTF8.self))" } == members)
    }

    @Test func `names are compared by their bytes`() {
        let found = JSONMember.members(of: Array("{\"\u{e9}\":1,\"e\u{301}\":2}".utf8))
        #expect(found?.map { hex($0.name.utf8) } == ["c3a9", "65cc81"])
    }

    @Test(arguments: [
        "", " ", "[]", "[1]", "1", "null", "\"{}\"", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":}", "{a:1}",
        "{\"a\" 1}", "{1:2}", "{\"a\":1,", "{\"\\x\":1}", "x{}", "}",
    ])
    func `only an object has members`(document: String) {
        #expect(JSONMember.members(of: Array(document.utf8)) == nil)
    }

    /// The scanner receives only documents that a decoder accepted; still nothing may hang or trap.
    @Test func `no input traps or hangs`() {
        var random = SeededRandom(seed: 8)
        let alphabet = Array("{}[]\",:\\ u0a1\n\u{e9}".utf8)
        for _ in 0..<3_000 {
            let document = (0..<Int.random(in: 0...20, using: &random)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            let members = JSONMember.members(of: [UInt8(ascii: "{")] + document) ?? []
            #expect(members.count <= document.count)
        }
    }

    @Test(
        arguments: [
            (#""x\ty""#, "x\ty", nil), (#""""#, "", nil), (#""\ud83d\ude00""#, "😀", nil), ("12", nil, 12),
            ("-3", nil, -3),
            ("9223372036854775807", nil, Int.max), ("9223372036854775808", nil, nil), ("1.5", nil, nil),
            ("null", nil, nil),
            (#""7""#, "7", nil), ("true", nil, nil), (#"["a"]"#, nil, nil), (#"""#, nil, nil), ("", nil, nil),
        ] as [(String, String?, Int?)])
    func `a value is a string or an integer or neither`(json: String, string: String?, integer: Int?) {
        let field = JSONMember(name: "x", json: Array(json.utf8))
        #expect(field.string == string)
        #expect(field.integer == integer)
    }
}
