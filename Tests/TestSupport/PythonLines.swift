import Testing

/// Runs a Python program that must exit with code 0, and returns the lines that it printed.
package func pythonLines(
    _ program: String,
    _ arguments: [String] = [],
    input: String = ""
) async throws -> [String] {
    let result = try await Tool.python(program, arguments, input: Array(input.utf8))
    try #require(result.code == 0, "\(result.error)")
    return result.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
}

/// Bytes as lower-case hex, which is how tests exchange bytes with Python.
package func hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

/// The bytes that `hex` wrote.
package func unhex(_ text: some StringProtocol) throws -> [UInt8] {
    let digits = Array(text.utf8)
    return try stride(from: 0, to: digits.count, by: 2).map { index in
        try #require(UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16))
    }
}

extension SeededRandom {
    /// Random text with many control characters and quotes, and with every length of UTF-8.
    package mutating func text(upTo length: Int) -> String {
        let ranges: [ClosedRange<UInt32>] = [
            0x00...0x1F, 0x20...0x7F, 0x22...0x22, 0x5C...0x5C, 0x80...0x7FF, 0x2028...0x2029, 0x800...0xD7FF,
            0xE000...0xFFFF, 0x10000...0x10FFFF,
        ]
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...length, using: &self) {
            let range = ranges[Int.random(in: 0..<ranges.count, using: &self)]
            if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &self)) { text.append(scalar) }
        }
        return String(text)
    }
}
