/// Bytes that are read once, from start to end.
package protocol ByteInput {
    /// Reads into `buffer` from its start, at most its length.
    /// - Returns: the number of bytes read; 0 at the end and in every later call.
    mutating func read(into buffer: inout [UInt8]) throws -> Int
}

/// An input whose first bytes can be examined before they are read.
package struct PeekedInput: ByteInput {
    private var head: ArraySlice<UInt8> = []
    private var rest: any ByteInput
    /// Whether `peeked` is the rest of the input.
    package private(set) var isAtEnd = false

    /// Reads up to `count` bytes ahead.
    package init(_ input: any ByteInput, count: Int) throws {
        rest = input
        try peek(count)
    }

    /// The bytes that were read ahead and not yet read.
    package var peeked: ArraySlice<UInt8> { head }

    /// Reads ahead until `peeked` has `count` bytes, or the input ends.
    package mutating func peek(_ count: Int) throws {
        while head.count < count, !isAtEnd {
            var buffer = [UInt8](repeating: 0, count: min(count - head.count, 1 << 18))
            let length = try rest.read(into: &buffer)
            isAtEnd = length == 0
            head.append(contentsOf: buffer[..<length])
        }
    }

    /// Skips the first `count` bytes of `peeked`.
    package mutating func skip(_ count: Int) { head = head.dropFirst(count) }

    package mutating func read(into buffer: inout [UInt8]) throws -> Int {
        guard !head.isEmpty else { return try rest.read(into: &buffer) }
        let length = min(head.count, buffer.count)
        buffer.replaceSubrange(..<length, with: head.prefix(length))
        head = length == head.count ? [] : head.dropFirst(length)
        return length
    }
}

/// Bytes in memory.
package struct BytesInput: ByteInput {
    private var rest: ArraySlice<UInt8>

    package init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    package mutating func read(into buffer: inout [UInt8]) -> Int {
        let length = min(rest.count, buffer.count)
        buffer.replaceSubrange(..<length, with: rest.prefix(length))
        rest = rest.dropFirst(length)
        return length
    }
}
