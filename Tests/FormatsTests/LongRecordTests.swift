import Formats
import TestSupport
import Testing

/// Records around the limit, and around the end of the reader's buffer.
@Suite struct LongRecordTests {
    private static let limit = 65_536

    @Test(arguments: ["", "\""])
    func `a line of 200 KiB is too long and the next is found`(quote: String) throws {
        let long = quote + String(repeating: "x", count: 200 << 10) + quote
        for piece in [1_000, .max] {
            let read = try records(PieceInput("first\n\(long),tail\r\nnext,1\n".utf8, size: piece)).all
            #expect(read.map(\.problem) == [nil, .tooLong, nil])
            #expect(read.map(\.line) == [1, 2, 3])
            #expect(read[1].fields.map(\.count) == [Self.limit, 0])
            #expect(read[2].texts == ["next", "1"])
        }
    }

    @Test func `lines within a long field are counted`() throws {
        let text = "\"" + String(repeating: "line\r\n", count: 30_000) + "\"\nnext\n"
        let read = try records(PieceInput(text.utf8)).all
        #expect(read.map(\.problem) == [.tooLong, nil])
        #expect(read.map(\.line) == [1, 30_002])
    }

    @Test(arguments: [(0, false), (1, true)])
    func `the limit is 64 KiB`(extra: Int, isTooLong: Bool) throws {
        for quote in ["", "\""] {
            let long = quote + String(repeating: "x", count: Self.limit - 1 + extra) + quote
            let read = try records(PieceInput("y,\(long)\nz".utf8)).all
            #expect(read.map(\.problem) == [isTooLong ? .tooLong : nil, nil])
            #expect(read[0].fields.map(\.count) == [1, Self.limit - 1])
        }
    }

    @Test func `doubled quotes count once`() throws {
        let quotes = String(repeating: "\"\"", count: Self.limit)
        let read = try records(PieceInput("\"\(quotes)\"\n\"\(quotes)\"\"\"\nz".utf8)).all
        #expect(read.map(\.problem) == [nil, .tooLong, nil])
        #expect(read.map { $0.fields[0].count } == [Self.limit, Self.limit, 1])
    }

    @Test func `a record of nothing but delimiters is too long`() throws {
        let read = try records(PieceInput((String(repeating: ",", count: 100_000) + "\nnext\n").utf8)).all
        #expect(read.map(\.problem) == [.tooLong, nil])
        #expect(read[0].fields.count == Self.limit)
        #expect(read[1].texts == ["next"])
        #expect(read[1].line == 2)
    }

    @Test func `the maximum number of fields is accepted`() throws {
        let read = try records(PieceInput(String(repeating: ",", count: Self.limit - 1).utf8)).all
        #expect(read.map(\.problem) == [nil])
        #expect(read[0].fields.count == Self.limit)
    }

    @Test func `too long takes precedence over bad quoting`() throws {
        let long = String(repeating: "x", count: 70_000)
        let read = try records(PieceInput("a\"\(long)\n\(long)\"\nz\n".utf8)).all
        #expect(read.map(\.problem) == [.tooLong, .tooLong, nil])
    }

    /// The reader reads 256 KiB at a time: CR is the last byte of one read, LF the first of the next.
    @Test(arguments: [-2, -1, 0, 1, 2], [true, false])
    func `a line end split across reads is one line end`(shift: Int, isQuoted: Bool) throws {
        let filler = String(repeating: String(repeating: "f", count: 1_023) + "\n", count: 255)
        let rest = (1 << 18) - filler.utf8.count
        let opening = isQuoted ? "\"" : ""
        let head = filler + opening + String(repeating: "g", count: rest - 1 - opening.utf8.count + shift)
        let read = try records(PieceInput((head + "\r\n\(opening)\r\nlast").utf8)).all
        #expect(read.last?.texts == ["last"])
        #expect(read.last?.line == 258)
        #expect(read.count == (isQuoted ? 257 : 258))
        #expect(read.allSatisfy { $0.problem == nil })
    }
}
