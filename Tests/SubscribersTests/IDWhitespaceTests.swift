import Testing

@testable import Subscribers

@Suite struct IDWhitespaceTests {
    private func trim(_ text: String) -> String {
        String(decoding: IDWhitespace.trim(Array(text.utf8)[...]), as: UTF8.self)
    }

    /// Blanks of all widths, line ends, and zero-width characters.
    static let trimmed: [UInt32] =
        [0x09, 0x0A, 0x0D, 0x20, 0xA0, 0xAD, 0x34F, 0x1680, 0x180E, 0x202F, 0x205F, 0x3000, 0xFEFF]
        + Array(0x2000...0x200F) + Array(0x202A...0x202E) + Array(0x2060...0x2064) + Array(0x2066...0x2069)

    @Test(arguments: trimmed)
    func `whitespace is trimmed only at the ends`(_ value: UInt32) throws {
        let blank = String(Character(try #require(Unicode.Scalar(value))))
        #expect(trim("\(blank)ab\(blank)c\(blank)\(blank)") == "ab\(blank)c")
        #expect(trim(" \(blank)\tab\r\n\(blank) ") == "ab")
        #expect(trim(blank).isEmpty && trim(blank + blank).isEmpty)
    }

    @Test func `nothing else is trimmed`() throws {
        // All other characters of plane 0, which has all the trimmed ones, and samples of the other planes.
        let others = (0...0xFFFF).filter { !Self.trimmed.contains($0) } + [0x1F600, 0xE0001, 0x10F700, 0x10FFFF]
        for scalar in others.compactMap(Unicode.Scalar.init) {
            let text = Array(String(Character(scalar)).utf8) + [0x61] + Array(String(Character(scalar)).utf8)
            #expect(IDWhitespace.trim(text[...]).elementsEqual(text), "\(scalar.value)")
        }
    }

    @Test(
        arguments: [
            ([0xC2, 0xA0, 0xC2], [0xC2]), ([0xA0, 0x61], [0xA0, 0x61]), ([0x61, 0xC2], [0x61, 0xC2]),
            ([0xE2, 0x80, 0x61, 0xE2, 0x80], [0xE2, 0x80, 0x61, 0xE2, 0x80]), ([0xEF, 0xBB], [0xEF, 0xBB]),
            ([0xE2, 0xE2, 0x80, 0x8B], [0xE2]), ([0x20, 0xFF, 0x20], [0xFF]), ([], []),
        ] as [([UInt8], [UInt8])])
    func `bytes that are not UTF8 stay`(_ bytes: [UInt8], _ expected: [UInt8]) {
        #expect(IDWhitespace.trim(bytes[...]).elementsEqual(expected))
    }

    @Test func `a slice is trimmed in place`() {
        let bytes = Array("xx a yy".utf8)
        #expect(IDWhitespace.trim(bytes[2..<5]) == bytes[3..<4])
    }
}
