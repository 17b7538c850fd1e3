import Formats
import TestSupport
import Testing

@Suite struct JSONWriterTests {
    @Test func `keys keep their order and there is no white space`() {
        #expect(
            String(decoding: Self.document(), as: UTF8.self) == """
                {"z":"line\\n\\"1\\"","a":[1,-2,[],{},{"x":null}],"flags":[true,false],"raw":{"n":1.50},\
                "s":0.125,"min":-9223372036854775808,"":""}
                """)
    }

    @Test func `equal calls give equal bytes`() { #expect(Self.document() == Self.document()) }

    @Test func `python reads the document`() async throws {
        let program = """
            import json, sys
            pairs = json.loads(bytes.fromhex(sys.stdin.read()).decode(), object_pairs_hook=lambda all: all)
            print(pairs)
            """
        let lines = try await pythonLines(program, input: hex(Self.document()))
        #expect(
            lines == [
                #"[('z', 'line\n"1"'), ('a', [1, -2, [], [], [('x', None)]]), ('flags', [True, False]), "#
                    + "('raw', [('n', 1.5)]), ('s', 0.125), ('min', -9223372036854775808), ('', '')]"
            ])
    }

    @Test func `strings may be given as bytes`() {
        var json = JSONWriter()
        json.beginArray()
        json.string("é\t".utf8.map(\.self)[...])
        json.string("é\t")
        json.endArray()
        #expect(String(decoding: json.bytes, as: UTF8.self) == "[\"é\\t\",\"é\\t\"]")
    }

    private static func document() -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("z")
        json.string("line\n\"1\"")
        json.key("a")
        json.beginArray()
        json.integer(1)
        json.integer(-2)
        json.beginArray()
        json.endArray()
        json.beginObject()
        json.endObject()
        json.beginObject()
        json.key("x")
        json.null()
        json.endObject()
        json.endArray()
        json.key("flags")
        json.beginArray()
        json.bool(true)
        json.bool(false)
        json.endArray()
        json.key("raw")
        json.raw(Array(#"{"n":1.50}"#.utf8))
        json.key("s")
        json.seconds(0.125)
        json.key("min")
        json.integer(Int64.min)
        json.key("")
        json.string("")
        json.endObject()
        return json.bytes
    }
}

@Suite struct DecimalTextTests {
    @Test(
        arguments: [
            (0, 2, "0.00"), (-0.0, 2, "0.00"), (1, 1, "1.0"), (100, 2, "100.00"), (12.3456, 3, "12.346"),
            (12.3454, 3, "12.345"), (0.1 + 0.2, 3, "0.300"), (0.004, 2, "0.00"), (0.006, 2, "0.01"),
            (-0.004, 2, "0.00"),
            (-0.006, 2, "-0.01"), (0.125, 2, "0.13"), (-0.125, 2, "-0.13"), (0.375, 2, "0.38"), (0.25, 1, "0.3"),
            (-0.25, 1, "-0.3"), (9.996, 2, "10.00"), (-9.996, 2, "-10.00"), (0.05, 3, "0.050"), (0.999_6, 3, "1.000"),
            (1_234_567.891, 2, "1234567.89"), (1e15, 3, "1000000000000000.000"), (.nan, 2, "0.00"),
            (.infinity, 2, "0.00"), (-.infinity, 3, "0.000"), (1e300, 2, "0.00"), (-1e17, 3, "0.000"),
            (0, 0, "0"), (3_600.4, 0, "3600"), (-3_599.6, 0, "-3600"), (.nan, 0, "0"),
        ] as [(Double, Int, String)])
    func `text is rounded half away from zero`(value: Double, digits: Int, text: String) {
        #expect(DecimalText.text(value, digits: digits) == text)
    }
}
