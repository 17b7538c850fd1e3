package import Formats

/// Bytes in memory that are read in pieces of at most a given size.
package struct PieceInput: ByteInput {
    private var rest: ArraySlice<UInt8>
    private let size: Int

    package init(_ bytes: some Sequence<UInt8>, size: Int = .max) {
        rest = Array(bytes)[...]
        self.size = size
    }

    package mutating func read(into buffer: inout [UInt8]) -> Int {
        let length = min(rest.count, buffer.count, size)
        buffer.replaceSubrange(0..<length, with: rest.prefix(length))
        rest = rest.dropFirst(length)
        return length
    }
}

/// Reads an input to its end.
///
/// - Parameters:
///   - input: the input.
///   - size: the size of the buffer in bytes.
/// - Returns: all bytes of the input.
/// - Throws: what reading throws.
package func everything(_ input: any ByteInput, buffer size: Int = 1 << 16) throws -> [UInt8] {
    var input = input
    var buffer = [UInt8](repeating: 0, count: size)
    var all: [UInt8] = []
    while true {
        let length = try input.read(into: &buffer)
        if length == 0 { return all }
        all += buffer[..<length]
    }
}

extension SeededRandom {
    /// Random bytes.
    package mutating func bytes(_ count: Int) -> [UInt8] {
        var all: [UInt8] = []
        all.reserveCapacity(count + 8)
        while all.count < count { withUnsafeBytes(of: next()) { all.append(contentsOf: $0) } }
        return Array(all.prefix(count))
    }

    /// Repetitive bytes, like the rows of a snapshot.
    package mutating func compressibleBytes(_ count: Int) -> [UInt8] {
        var all: [UInt8] = []
        all.reserveCapacity(count + 64)
        while all.count < count {
            all.append(contentsOf: "01234567890A=,\(next() % 5),online,2026-11-21T23:15:\(next() % 60)Z\n".utf8)
        }
        return Array(all.prefix(count))
    }
}
