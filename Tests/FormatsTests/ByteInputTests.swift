import Formats
import TestSupport
import Testing

@Suite struct ByteInputTests {
    @Test(arguments: [1, 3, 4_096])
    func `bytes in memory are read from start to end`(buffer: Int) throws {
        var random = SeededRandom(seed: 51)
        for count in [0, 1, 3, 5_000] {
            let content = random.bytes(count + 7)
            // A slice whose indices do not start at 0.
            #expect(try everything(BytesInput(content[7...]), buffer: buffer) == Array(content[7...]))
        }
    }

    @Test(arguments: [1, 7, 64, .max], [1, 5, 1_000])
    func `peeked bytes are still read`(size: Int, buffer: Int) throws {
        var random = SeededRandom(seed: 52)
        let content = random.bytes(300)
        for count in [0, 1, 64, 299, 300, 301] {
            let input = try PeekedInput(PieceInput(content, size: size), count: count)
            #expect(input.peeked.elementsEqual(content.prefix(count)))
            #expect(try everything(input, buffer: buffer) == content)
        }
    }

    @Test(arguments: [1, 7, .max])
    func `peeking continues where the last peek ended`(size: Int) throws {
        var random = SeededRandom(seed: 53)
        let content = random.bytes(300)
        var input = try PeekedInput(PieceInput(content, size: size), count: 10)
        try input.peek(5)  // more is peeked already
        #expect(input.peeked.elementsEqual(content.prefix(10)))
        try input.peek(200)
        #expect(input.peeked.elementsEqual(content.prefix(200)))
        input.skip(150)
        #expect(input.peeked.elementsEqual(content[150..<200]))
        var buffer = [UInt8](repeating: 0, count: 20)
        #expect(try input.read(into: &buffer) == 20)
        #expect(buffer == Array(content[150..<170]))
        try input.peek(100)
        #expect(input.peeked.elementsEqual(content[170..<270]))
        #expect(!input.isAtEnd)
        try input.peek(1_000)
        #expect(input.peeked.elementsEqual(content[170...]))
        #expect(input.isAtEnd)
        #expect(try everything(input) == Array(content[170...]))
    }

    @Test func `the end is reported only after it was reached`() throws {
        let content = Array("abc".utf8)
        #expect(try !PeekedInput(PieceInput(content), count: 3).isAtEnd)
        #expect(try PeekedInput(PieceInput(content), count: 4).isAtEnd)
        #expect(try PeekedInput(PieceInput([]), count: 1).isAtEnd)
        #expect(try !PeekedInput(PieceInput([]), count: 0).isAtEnd)
    }
}
