/// Bytes that are read once, from start to end.
package protocol ByteInput {
    /// Fills `buffer` from its start, up to its length.
    /// - Returns: how many bytes came; 0 at the end and from then on.
    mutating func read(into buffer: inout [UInt8]) throws -> Int
}

/// An input whose first bytes were looked at before.
package struct PeekedInput: ByteInput {
    private var head: ArraySlice<UInt8>
    private var rest: any ByteInput

    /// Reads up to `count` bytes ahead.
    package init(_ input: any ByteInput, count: Int) throws {
        var input = input
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: count)
        while bytes.count < count {
            let length = try input.read(into: &buffer)
            guard length > 0 else { break }
            bytes.append(contentsOf: buffer[..<length])
            buffer.removeLast(length)
        }
        head = bytes[...]
        rest = input
    }

    /// What was read ahead and not yet read.
    package var peeked: ArraySlice<UInt8> { head }

    /// Passes over the first `count` of them.
    package mutating func skip(_ count: Int) { head = head.dropFirst(count) }

    package mutating func read(into buffer: inout [UInt8]) throws -> Int {
        guard !head.isEmpty else { return try rest.read(into: &buffer) }
        let length = min(head.count, buffer.count)
        buffer.replaceSubrange(..<length, with: head.prefix(length))
        head = head.dropFirst(length)
        return length
    }
}
