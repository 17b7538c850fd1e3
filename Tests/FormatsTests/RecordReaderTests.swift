import Formats
import TestSupport
import Testing

/// A record with everything that the reader reports about it.
struct ReadRecord: Equatable {
    var line: Int
    var fields: [[UInt8]]
    var problem: RecordReader.Problem?
    var isBlank: Bool

    var texts: [String] { fields.map { String(decoding: $0, as: UTF8.self) } }
}

/// All records of an input, and how it ended.
func records(_ input: any ByteInput, delimiter: Character = ",") throws -> (all: [ReadRecord], end: UnterminatedQuote?)
{
    var reader = RecordReader(input, delimiter: try #require(delimiter.asciiValue))
    var all: [ReadRecord] = []
    do {
        while try reader.next() {
            let fields = (0..<reader.fieldCount).map { Array(reader.field($0)) }
            all.append(ReadRecord(line: reader.line, fields: fields, problem: reader.problem, isBlank: reader.isBlank))
        }
    } catch let quote as UnterminatedQuote {
        let isMore = try reader.next()
        #expect(!isMore)
        return (all, quote)
    }
    let isMore = try reader.next()
    #expect(!isMore)
    return (all, nil)
}

@Suite struct RecordReaderTests {
    struct Shape: Sendable, CustomTestStringConvertible {
        var text: String
        var records: [[String]]
        var lines: [Int]

        init(_ text: String, _ records: [[String]], lines: [Int]) {
            self.text = text
            self.records = records
            self.lines = lines
        }

        var testDescription: String { text.debugDescription }
    }

    private static let shapes = [
        Shape("", [], lines: []),
        Shape("a", [["a"]], lines: [1]),
        Shape("a,b\nc,d\n", [["a", "b"], ["c", "d"]], lines: [1, 2]),
        Shape("a,b\nc,d", [["a", "b"], ["c", "d"]], lines: [1, 2]),
        Shape("a\r\nb\r\n", [["a"], ["b"]], lines: [1, 2]),
        Shape("a\rb\r", [["a"], ["b"]], lines: [1, 2]),
        Shape("a\nb\r\nc\rd", [["a"], ["b"], ["c"], ["d"]], lines: [1, 2, 3, 4]),
        Shape(",,", [["", "", ""]], lines: [1]),
        Shape("a,\n,b\n", [["a", ""], ["", "b"]], lines: [1, 2]),
        Shape("\n", [[""]], lines: [1]),
        Shape("\n\na", [[""], [""], ["a"]], lines: [1, 2, 3]),
        Shape("\r\n\r\n", [[""], [""]], lines: [1, 2]),
        Shape("\n\r", [[""], [""]], lines: [1, 2]),
        Shape("\r\r\n\n", [[""], [""], [""]], lines: [1, 2, 3]),
        Shape(" a , b ", [[" a ", " b "]], lines: [1]),
        Shape("\"a\"", [["a"]], lines: [1]),
        Shape("\"\"", [[""]], lines: [1]),
        Shape("\"\",\"\"\n", [["", ""]], lines: [1]),
        Shape("\"a,b\",c", [["a,b", "c"]], lines: [1]),
        Shape("\"a\"\"b\",\"\"\"\",\"\"\"x\"\"\"", [["a\"b", "\"", "\"x\""]], lines: [1]),
        Shape("\"a\r\nb\nc\rd\",e\nf", [["a\r\nb\nc\rd", "e"], ["f"]], lines: [1, 5]),
        Shape("\"\n\",\"\r\n\"\r\nx", [["\n", "\r\n"], ["x"]], lines: [1, 4]),
        Shape("\"\r\"\nx", [["\r"], ["x"]], lines: [1, 3]),
        Shape("\"\r\"\r\n\"\n\"\rx", [["\r"], ["\n"], ["x"]], lines: [1, 3, 5]),
        Shape("\"\r\"\"\n\"\nx", [["\r\"\n"], ["x"]], lines: [1, 4]),
        Shape("a\u{0},\u{e9}\n", [["a\u{0}", "\u{e9}"]], lines: [1]),
        Shape("a\u{2028}b\u{85}c\u{b}d\u{c}e\n", [["a\u{2028}b\u{85}c\u{b}d\u{c}e"]], lines: [1]),
        Shape("a;b\tc|d", [["a;b\tc|d"]], lines: [1]),
    ]

    @Test(arguments: shapes, [1, 2, .max])
    func `records and their lines are found`(shape: Shape, piece: Int) throws {
        let read = try records(PieceInput(shape.text.utf8, size: piece))
        #expect(read.all.map(\.texts) == shape.records)
        #expect(read.all.map(\.line) == shape.lines)
        #expect(read.all.allSatisfy { $0.problem == nil })
        #expect(read.end == nil)
    }

    @Test(arguments: [",", ";", "\t", "|"] as [Character])
    func `only the delimiter separates`(delimiter: Character) throws {
        let others = String([",", ";", "\t", "|"].filter { $0 != delimiter })
        let text = "a\(delimiter)\(others)\(delimiter)\"x\(delimiter)y\"\n"
        #expect(
            try records(PieceInput(text.utf8), delimiter: delimiter).all.map(\.texts) == [
                ["a", others, "x\(delimiter)y"]
            ])
    }

    @Test func `only empty lines are blank`() throws {
        let read = try records(PieceInput("\na\n\r\n,\n \n\n".utf8)).all
        #expect(read.map(\.isBlank) == [true, false, true, false, false, true])
    }

    @Test func `bytes that are not UTF8 are kept`() throws {
        let read = try records(PieceInput([0xFF, 0x2C, 0xC3, 0x0A, 0x22, 0x80, 0x0D, 0x22, 0x0A])).all
        #expect(read.map(\.fields) == [[[0xFF], [0xC3]], [[0x80, 0x0D]]])
    }

    @Test(arguments: [
        "a\"b,c", "\"a\"b,c", "\"a\" ,c", " \"a\",c", "\"a\"\"b\"c,\"d\"", "\"a\"\"\"\"b\"\"\"c", "a,\"b\"\"\"x",
        "a,b\"",
    ])
    func `bad quoting is reported with its record`(text: String) throws {
        for piece in [1, .max] {
            let read = try records(PieceInput("x\n\(text)\r\ny,z\n".utf8, size: piece))
            #expect(read.all.map(\.problem) == [nil, .badQuoting, nil])
            #expect(read.all.map(\.line) == [1, 2, 3])
            #expect(read.all.last?.texts == ["y", "z"])
            #expect(read.end == nil)
        }
    }

    @Test(arguments: [
        ("\"", 1), ("\"a", 1), ("\"a\"\"", 1), ("a\n\"b\nc\n", 2), ("\"a\nb\",\"c\nd", 2),
        ("a,b\r\n\"x\r\ny\",1\r\n\"open\n\n\n", 4), ("a\r\"b", 2), ("a,\"b\r\n\",c,\"", 2), ("x\"y\n\"z", 2),
    ])
    func `a quote that is never closed is reported with its line`(text: String, line: Int) throws {
        for piece in [1, .max] {
            #expect(try records(PieceInput(text.utf8, size: piece)).end?.line == line)
        }
    }
}
