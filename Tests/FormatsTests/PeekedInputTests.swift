import Formats
import TestSupport
import Testing

@Suite struct PeekedInputTests {
    private static let content = Array("0123456789abcdef".utf8)

    @Test(arguments: [0, 1, 7, 16, 17, 100], [1, 3, 5, .max])
    func `peeked bytes are still read`(count: Int, piece: Int) throws {
        let input = try PeekedInput(PieceInput(Self.content, size: piece), count: count)
        #expect(Array(input.peeked) == Array(Self.content.prefix(count)))
        for buffer in [1, 4, 1_000] { #expect(try everything(input, buffer: buffer) == Self.content) }
    }

    @Test func `skipped bytes are not read`() throws {
        var input = try PeekedInput(PieceInput(Self.content, size: 3), count: 8)
        input.skip(3)
        #expect(Array(input.peeked) == Array("34567".utf8))
        var buffer = [UInt8](repeating: 0, count: 2)
        #expect(try input.read(into: &buffer) == 2)
        #expect(buffer == Array("34".utf8))
        #expect(Array(input.peeked) == Array("567".utf8))
        #expect(try everything(input, buffer: 2) == Array("56789abcdef".utf8))
    }

    @Test func `an empty input has no bytes to peek`() throws {
        let input = try PeekedInput(PieceInput([]), count: 10)
        #expect(input.peeked.isEmpty)
        #expect(try everything(input).isEmpty)
    }
}
