import Foundation
import TestSupport
import Testing

@testable import ViberAPI

/// Numbers are exact before a decoder converts them to `Double`.
@Suite struct WholeNumbersTests {
    private func exact(_ text: String) -> String {
        String(decoding: WholeNumbers.exact(in: Array(text.utf8)), as: UTF8.self)
    }

    @Test(arguments: [
        ("4.0", "4"), ("-4.0", "-4"), ("40e-1", "4"), ("0.4e1", "4"), ("4E+0", "4"), ("4.00e0", "4"),
        ("0.0", "0"), ("-0.0", "0"), ("0e999999999999999999999", "0"), ("-0e-5", "0"),
        ("100000000000000000000000e-22", "10"), ("0.00001e5", "1"),
        ("9223372036854775807.0", "9223372036854775807"), ("-9223372036854775808.0", "-9223372036854775808"),
        ("9.223372036854775807e18", "9223372036854775807"), ("9007199254740993.0", "9007199254740993"),
        ("9223372036854775808.0", "null"), ("-9223372036854775809.0", "null"), ("1e19", "null"), ("1e400", "null"),
        ("1e99999999999999999999999", "null"), ("1e-99999999999999999999999", "null"),
        ("1e-9223372036854775808", "null"), ("1.5e-9223372036854775808", "null"), ("1e9223372036854775807", "null"),
        ("0.5", "null"), ("1e-400", "null"), ("4.0000000000000000000001", "null"), ("3.9999999999999999999999", "null"),
        ("12345e-2", "null"), ("5e-1", "null"), ("0.1e0", "null"),
    ])
    func `a number with a fraction or an exponent becomes the integer it equals`(_ number: String, _ expected: String) {
        #expect(exact(number) == expected)
        #expect(exact(#"{"status":\#(number),"x":[\#(number)]}"#) == #"{"status":\#(expected),"x":[\#(expected)]}"#)
    }

    @Test(arguments: [
        "", "0", "-1", "9223372036854775808", "123456789012345678901234567890", "-0", "{}", "[1,2,3]", "true", "null",
        // In strings, after every kind of escape.
        #"{"a":"1.5","b":"\"1.5","c":"\\\"4.0","1e-400":2}"#, #""\\u0022 1.5""#, #""4.0"#, #""\"#,
        // Text that is not JSON is unchanged.
        "1.", ".5", "01.0", "-", "-.5", "1e", "1e+", "1.e5", "1.0.0", "--1.0", "1e5e5", "1.0-2.0",
    ])
    func `everything else is unchanged`(_ text: String) {
        #expect(exact(text) == text)
    }

    /// Random documents with numbers of all sizes, whose exact values come from `fractions`.
    private static let maker = #"""
        import json, random
        from fractions import Fraction
        random.seed(81)
        digits = lambda count: "".join(random.choices("0123456789", k=count))
        def number():
            text = random.choice(["", "", "-"]) + random.choice(["0", "0", str(random.randrange(1, 10 ** random.randrange(1, 22)))])
            if random.random() < 0.6:
                text += "." + random.choice([digits(random.randrange(1, 25)), "0" * random.randrange(1, 25)])
            if random.random() < 0.6:
                text += random.choice("eE") + random.choice(["", "+", "-"]) + random.choice(["", "0"]) + str(random.choice(
                    [0, 1, 2, random.randrange(25), random.randrange(400)]))
            return text
        def exact(text):
            if not set(text) & set(".eE"): return text
            value = Fraction(text)
            return str(value.numerator) if value.denominator == 1 and -2 ** 63 <= value < 2 ** 63 else "null"
        def string():
            return json.dumps("".join(random.choices(['"', "\\", "1.5", "e", "\n", "7", "é", "-", "}"], k=random.randrange(6))))
        cases = []
        for _ in range(3000):
            given, expected = "", ""
            for _ in range(random.randrange(1, 9)):
                kind = random.random()
                if kind < 0.5:
                    text = number()
                    given, expected = given + text, expected + exact(text)
                else:
                    text = string() if kind < 0.8 else random.choice(["{}", "[null]", "true", "[[", "}"])
                    given, expected = given + text, expected + text
                between = random.choice([",", ":", " , ", "]", "\n"])
                given, expected = given + between, expected + between
            cases.append([given, expected])
        print(json.dumps(cases))
        """#

    @Test(.needs("python3")) func `numbers equal those of Python fractions`() async throws {
        let made = try await Tool.python(Self.maker)
        try #require(made.code == 0, "\(made.error)")
        let cases = try JSONDecoder().decode([[String]].self, from: Data(made.output.utf8))
        #expect(cases.count == 3_000)
        #expect(cases.count { $0[0] != $0[1] } > 1_000)
        #expect(cases.count { $0[1].contains("null,") } > 100)
        for texts in cases { #expect(exact(texts[0]) == texts[1], "\(texts[0])") }
    }

    @Test func `any bytes are accepted`() {
        var random = SeededRandom(seed: 82)
        let alphabet = Array("0123.eE+-\"\\,x".utf8) + [0x00, 0xFF]
        for _ in 0..<5_000 {
            let text = (0..<Int.random(in: 0...20, using: &random)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            let exact = WholeNumbers.exact(in: text)
            // A second pass changes nothing.
            #expect(WholeNumbers.exact(in: exact) == exact, "\(text)")
        }
    }
}
