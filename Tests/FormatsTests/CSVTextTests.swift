import Formats
import TestSupport
import Testing

@Suite(.needs("python3")) struct CSVTextTests {
    @Test(arguments: [
        ([""], "\n"), (["a", "b"], "a,b\n"), (["a b", " c "], "a b, c \n"), (["a,b"], "\"a,b\"\n"),
        (["say \"x\""], "\"say \"\"x\"\"\"\n"), (["\""], "\"\"\"\"\n"), (["a\nb", "a\rb"], "\"a\nb\",\"a\rb\"\n"),
        (["a\r\nb"], "\"a\r\nb\"\n"), (["=1+1", "+a/b==", "'x'", "a;b", "\t"], "=1+1,+a/b==,'x',a;b,\t\n"),
        (["", "", ""], ",,\n"),
        (["caf\u{e9}", "cafe\u{301}", "日"], "caf\u{e9},cafe\u{301},日\n"),
    ])
    func `quotes only where necessary`(_ fields: [String], _ expected: String) {
        #expect(CSVText.record(fields) == Array(expected.utf8))
    }

    @Test func `python reads the same fields`() async throws {
        var random = SeededRandom(seed: 21)
        let characters = Array("ab,;\"\" \n\r\t'=+é日")
        var document: [UInt8] = []
        var fields: [[String]] = []
        for _ in 0..<2_000 {
            let record = (0..<Int.random(in: 2...6, using: &random)).map { _ in
                (0..<Int.random(in: 0...8, using: &random))
                    .map { _ in String(characters.randomElement(using: &random) ?? "a") }.joined()
            }
            document += CSVText.record(record)
            fields.append(record)
        }
        let program = """
            import csv, io, json, sys
            document, expected = sys.stdin.buffer.read().decode().split("\\0")
            rows = list(csv.reader(io.StringIO(document, newline=""), strict=True))
            print(len(rows), rows == json.loads(expected))
            """
        var writer = JSONWriter()
        writer.beginArray()
        for record in fields {
            writer.beginArray()
            for field in record { writer.string(field) }
            writer.endArray()
        }
        writer.endArray()
        let result = try await Tool.python(program, input: document + [0] + writer.bytes)
        #expect(result.output == "2000 True\n")
    }
}
