import Formats
import TestSupport
import Testing

/// Records of any length, with blanks around quotes and with backslashes, as other programs write CSV.
@Suite struct CSVDialectTests {
    /// A record with everything that the reader reports about it.
    struct Record: Equatable {
        var line: Int
        var fields: [[UInt8]]
        var isQuoted: [Bool]
        var isTruncated: [Bool]
        var problem: RecordReader.Problem?
        var hasBackslashQuote: Bool

        var texts: [String] { fields.map { String(decoding: $0, as: UTF8.self) } }
    }

    private static let limit = 32

    /// All records of an input, and the quote that was not closed.
    private func records(
        _ input: any ByteInput,
        delimiter: Character = ",",
        firstLine: Int = 1,
        _ adjust: (inout CSVDialect) -> Void = { _ in }
    ) throws -> (all: [Record], end: UnterminatedQuote?) {
        var dialect = CSVDialect(delimiter: try #require(delimiter.asciiValue))
        adjust(&dialect)
        var reader = RecordReader(input, dialect: dialect, fieldLimit: Self.limit, firstLine: firstLine)
        var all: [Record] = []
        do {
            while try reader.next() {
                let indices = 0..<reader.fieldCount
                all.append(
                    Record(
                        line: reader.line, fields: indices.map { Array(reader.field($0)) },
                        isQuoted: indices.map { reader.isQuoted($0) },
                        isTruncated: indices.map { reader.isTruncated($0) },
                        problem: reader.problem, hasBackslashQuote: reader.hasBackslashQuote))
            }
        } catch let quote as UnterminatedQuote {
            return (all, quote)
        }
        return (all, nil)
    }

    // MARK: RFC 4180

    @Test(arguments: [1, 3, .max])
    func `without options it reads as the plain reader does`(size: Int) throws {
        var random = SeededRandom(seed: 71)
        let alphabet = Array(",\"\"\n\r a\\".utf8) + [0x00, 0xFF]
        for _ in 0..<1_000 {
            let text = (0..<Int.random(in: 0...30, using: &random)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            let mine = try records(PieceInput(text, size: size))
            let other = try FormatsTests.records(PieceInput(text, size: size))
            #expect(mine.all.map(\.fields) == other.all.map(\.fields), "\(hex(text))")
            #expect(mine.all.map(\.problem) == other.all.map(\.problem), "\(hex(text))")
            #expect(mine.all.map(\.line) == other.all.map(\.line), "\(hex(text))")
            #expect(mine.end == other.end, "\(hex(text))")
        }
    }

    @Test(arguments: [1, .max])
    func `quotes are reported for each field`(size: Int) throws {
        let read = try records(PieceInput("\"a\",b,\"\",\r\nNULL,\"NULL\"\r\nc,d\r\n".utf8, size: size)).all
        #expect(read.map(\.texts) == [["a", "b", "", ""], ["NULL", "NULL"], ["c", "d"]])
        #expect(read.map(\.isQuoted) == [[true, false, true, false], [false, true], [false, false]])
    }

    @Test(arguments: [1, 2, 1_000]) func `lines are counted from the first`(line: Int) throws {
        let read = try records(PieceInput("a\n\"b\nc\"\nd".utf8), firstLine: line)
        #expect(read.all.map(\.line) == [line, line + 1, line + 3])
        #expect(try records(PieceInput("a\n\"b".utf8), firstLine: line).end?.line == line + 1)
    }

    // MARK: blanks around quotes

    @Test(arguments: [
        (" \"a\" ,\"b\"\t,  \"c\"  ", ["a", "b", "c"], [true, true, true]),
        ("\t\"a,b\" , c ,\" d \"", ["a,b", " c ", " d "], [true, false, true]),
        ("\u{FEFF}\"a\",\"b\"\u{FEFF}", ["a", "b"], [true, true]),
        ("  ,x, ", ["  ", "x", " "], [false, false, false]), (" \"\" ,x", ["", "x"], [true, false]),
        (" \"a\"\"b\" ,\"c\" ", ["a\"b", "c"], [true, true]),
    ])
    func `blanks between delimiter and quote are not part of the field`(
        _ text: String, _ fields: [String], _ isQuoted: [Bool]
    ) throws {
        for size in [1, .max] {
            let read = try records(PieceInput("x\n\(text)\r\ny\n".utf8, size: size)) {
                $0.allowsBlanksAroundQuotes = true
            }
            #expect(read.all.map(\.texts) == [["x"], fields, ["y"]])
            #expect(read.all[1].isQuoted == isQuoted)
            #expect(read.all.allSatisfy { $0.problem == nil })
            #expect(read.end == nil)
        }
    }

    @Test(arguments: [" x\"a\"", "\"a\" b", "\"a\" \"b\"", " \"a\"b", "a \"b\"", "\"a\" \u{A0},b"])
    func `other text beside quotes is bad quoting`(_ text: String) throws {
        let read = try records(PieceInput("\(text)\ny,z\n".utf8)) { $0.allowsBlanksAroundQuotes = true }.all
        #expect(read.map(\.problem) == [.badQuoting, nil])
        #expect(read.last?.texts == ["y", "z"])
    }

    @Test func `blanks beside quotes are bad quoting by default`() throws {
        for text in [" \"a\"", "\"a\" ", "\"a\"\t,b", "\u{FEFF}\"a\""] {
            #expect(try records(PieceInput((text + "\n").utf8)).all.map(\.problem) == [.badQuoting])
        }
    }

    @Test func `the delimiter is not a blank`() throws {
        let read = try records(PieceInput("\t\"a\"\t\t \"b\"\n".utf8), delimiter: "\t") {
            $0.allowsBlanksAroundQuotes = true
        }
        #expect(read.all.map(\.texts) == [["", "a", "", "b"]])
    }

    // MARK: backslashes

    @Test(arguments: [
        (#""a\"b",c"#, ["a\"b", "c"]), (#""a\\",c"#, ["a\\", "c"]), (#""\"","#, ["\"", ""]), (#""a\,b""#, ["a,b"]),
        (#""a""b\"""#, ["a\"b\""]), (#""\\\"",x"#, ["\\\"", "x"]), ("\"a\\\nb\",c", ["a\nb", "c"]),
        (#"a\b,\N"#, ["a\\b", "\\N"]),
    ])
    func `a backslash in quotes escapes the next byte`(_ text: String, _ fields: [String]) throws {
        for size in [1, .max] {
            let read = try records(PieceInput("x\n\(text)\r\ny\n".utf8, size: size)) { $0.hasBackslashEscapes = true }
            #expect(read.all.map(\.texts) == [["x"], fields, ["y"]])
            #expect(read.all.map(\.line) == [1, 2, text.contains("\n") ? 4 : 3])
            #expect(read.all.allSatisfy { $0.problem == nil })
            #expect(read.end == nil)
        }
    }

    @Test(arguments: [#""a\"#, #""a\""#, #""\\\""#])
    func `a quote after a backslash does not close the field`(_ text: String) throws {
        #expect(try records(PieceInput("x\n\(text)".utf8)) { $0.hasBackslashEscapes = true }.end?.line == 2)
    }

    @Test func `a backslash before a quote is reported with its record`() throws {
        let text = #"""
            a,b
            "c\"d",e
            f,g
            "h""i"
            "j\",k
            "l"
            m\",n

            """#
        for size in [1, .max] {
            let read = try records(PieceInput(text.utf8, size: size)).all
            #expect(read.map(\.hasBackslashQuote) == [false, true, false, false, true, false, false])
            #expect(read.map(\.problem) == [nil, .badQuoting, nil, nil, nil, nil, .badQuoting])
            #expect(read[4].texts == ["j\\", "k"])
        }
    }

    // MARK: long fields

    @Test(arguments: [1_000, .max], ["", "\""])
    func `a long field is truncated and the others are complete`(size: Int, quote: String) throws {
        let long = String(repeating: "x\(quote.isEmpty ? "" : "\r\n")", count: 300_000)
        let text = "a,\(quote)\(long)\(quote),b\r\nnext,1\n\(quote)\(long)\(quote)\nc"
        let read = try records(PieceInput(text.utf8, size: size)).all
        #expect(read.map(\.problem) == [nil, nil, nil, nil])
        let lines = quote.isEmpty ? 0 : 300_000
        #expect(read.map(\.line) == [1, 2 + lines, 3 + lines, 4 + 2 * lines])
        #expect(read.map(\.isTruncated) == [[false, true, false], [false, false], [true], [false]])
        #expect(read[0].fields == [Array("a".utf8), Array(long.utf8.prefix(Self.limit)), Array("b".utf8)])
        #expect(read[1].texts == ["next", "1"])
        #expect(read[2].fields == [Array(long.utf8.prefix(Self.limit))])
        #expect(read[3].texts == ["c"])
    }

    @Test(arguments: [limit - 1, limit, limit + 1, 2 * limit])
    func `the limit applies to each field`(length: Int) throws {
        // In quotes; an unquoted record may be read in place.
        let text = (0..<5).map { "\"" + String(repeating: "\($0)", count: length) + "\"" }.joined(separator: ",")
        for size in [1, .max] {
            let read = try records(PieceInput(text.utf8, size: size)).all
            #expect(read.map(\.problem) == [nil])
            #expect(read[0].fields.map(\.count) == [Int](repeating: min(length, Self.limit), count: 5))
            #expect(read[0].isTruncated == [Bool](repeating: length > Self.limit, count: 5))
            #expect(read[0].texts.map(\.first) == ["0", "1", "2", "3", "4"])
        }
    }

    @Test func `the first fields of a record with too many are kept`() throws {
        let count = RecordReader.recordLimit
        let text = "\"a\"," + (1..<count + 100).map { "\($0 % 10)" }.joined(separator: ",") + "\nnext\n"
        for size in [1_000, .max] {
            let read = try records(PieceInput(text.utf8, size: size)).all
            #expect(read.map(\.problem) == [.tooLong, nil])
            #expect(read[0].fields.count == count)
            #expect(read[0].texts.prefix(4) == ["a", "1", "2", "3"])
            #expect(read[0].texts.last == "\((count - 1) % 10)")
            #expect(read[1].texts == ["next"])
        }
    }
}
