import Files
package import Formats

/// The spool: the accepted ids of one run, each once, in source order, on disk.
///
/// A header, then for each id its length in one byte and its bytes. It is read from start to end only: batches, later
/// passes and publishing all walk in source order.
public enum SpoolFile {
    /// The most bytes of an id.
    public static let idLimit = 128

    static let header = Array("VRSPOOL1".utf8)
}

/// Reads a spool in order.
public struct SpoolReader {
    private var input: any ByteInput
    @usableFromInline let name: String
    private var chunk = [UInt8](repeating: 0, count: 1 << 16)
    /// What was read and not yet passed over, from `position` on.
    @usableFromInline var buffer: [UInt8] = []
    @usableFromInline var position = 0
    private var isAtEnd = false
    @usableFromInline var id = 0..<0

    /// `name`: what errors call the input.
    package init(_ input: any ByteInput, name: String) throws {
        self.input = input
        self.name = name
        try refill()
        guard buffer.starts(with: SpoolFile.header) else { throw FileError(.failed, "not a spool:", path: name) }
        position = SpoolFile.header.count
    }

    /// The id that `next()` went to.
    @inlinable public var current: ArraySlice<UInt8> { buffer[id] }

    /// - Returns: false after the last id.
    @inlinable
    public mutating func next() throws -> Bool {
        if buffer.count - position <= SpoolFile.idLimit { try refill() }
        guard position < buffer.count else { return false }
        let length = Int(buffer[position])
        guard length > 0, length <= SpoolFile.idLimit, length < buffer.count - position else {
            throw damage(length: length)
        }
        id = position + 1..<position + 1 + length
        position += 1 + length
        return true
    }

    /// What is wrong with an id that is said to have so many bytes.
    @usableFromInline
    func damage(length: Int) -> any Error {
        (1...SpoolFile.idLimit).contains(length)
            ? FileError(.failed, "the spool is cut:", path: name)
            : FileError(.failed, "an id of \(length) bytes is in the spool", path: name)
    }

    /// Reads on until the buffer holds an id of any length, or all that is left.
    @usableFromInline
    mutating func refill() throws {
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
