import Formats

/// Bytes that are read in pieces of the given sizes, which repeat in a cycle.
package struct Pieces: ByteInput {
    private var rest: ArraySlice<UInt8>
    private let sizes: [Int]
    private var count = 0

    package init(_ bytes: [UInt8], sizes: [Int]) {
        rest = bytes[...]
        self.sizes = sizes
    }

    package mutating func read(into buffer: inout [UInt8]) -> Int {
        let length = min(rest.count, buffer.count, sizes[count % sizes.count])
        count += 1
        buffer.replaceSubrange(..<length, with: rest.prefix(length))
        rest = rest.dropFirst(length)
        return length
    }
}
