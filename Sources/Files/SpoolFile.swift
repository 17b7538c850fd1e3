/// The spool: the accepted ids of one run, each once, in source order, on disk.
///
/// A header, then for each id its length in one byte and its bytes. It is read from start to end only: batches, later
/// passes and publishing all walk in source order.
package enum SpoolFile {
    /// The most bytes of an id.
    package static let idLimit = 128

    static let header = Array("VRSPOOL1".utf8)
}

/// Reads a spool in order.
package struct SpoolReader {
    private var input: any ByteInput
    private let name: String
    private var chunk = [UInt8](repeating: 0, count: 1 << 16)
    /// What was read and not yet passed over, from `position` on.
    private var buffer: [UInt8] = []
    private var position = 0
    private var isAtEnd = false
    private var id = 0..<0

    /// `name`: what errors call the input.
    package init(_ input: any ByteInput, name: String) throws {
        self.input = input
        self.name = name
        try refill()
        guard buffer.starts(with: SpoolFile.header) else { throw FileError(.failed, "not a spool:", path: name) }
        position = SpoolFile.header.count
    }

    /// The id that `next()` went to.
    package var current: ArraySlice<UInt8> { buffer[id] }

    /// - Returns: false after the last id.
    package mutating func next() throws -> Bool {
        if buffer.count - position <= SpoolFile.idLimit { try refill() }
        guard position < buffer.count else { return false }
        let length = Int(buffer[position])
        guard (1...SpoolFile.idLimit).contains(length) else {
            throw FileError(.failed, "an id of \(length) bytes is in the spool", path: name)
        }
        guard length < buffer.count - position else { throw FileError(.failed, "the spool is cut:", path: name) }
        id = position + 1..<position + 1 + length
        position += 1 + length
        return true
    }

    /// Reads on until the buffer holds an id of any length, or all that is left.
    private mutating func refill() throws {
        guard !isAtEnd else { return }
        buffer.removeSubrange(..<position)
        position = 0
        id = 0..<0
        while buffer.count <= SpoolFile.idLimit {
            let length = try input.read(into: &chunk)
            if length == 0 {
                isAtEnd = true
                return
            }
            buffer.append(contentsOf: chunk[..<length])
        }
    }
}
