import Files
package import Formats

/// The spool: a file with the accepted ids of one run, each once, in source order.
///
/// A header, then for each id its length in one byte and its bytes. It is only read sequentially: batches, later passes
/// and publishing all go in source order.
public enum SpoolFile {
    /// The maximum length of an id in bytes.
    public static let idLimit = 128

    static let header = Array("VRSPOOL1".utf8)
}

/// Reads a spool in order.
public struct SpoolReader {
    private var input: any ByteInput
    @usableFromInline let name: String
    private var chunk = [UInt8](repeating: 0, count: 1 << 16)
    /// Bytes read from the input; those before `position` are consumed.
    @usableFromInline var buffer: [UInt8] = []
    @usableFromInline var position = 0
    private var isAtEnd = false
    @usableFromInline var id = 0..<0

    /// Reads the header of a spool.
    ///
    /// - Parameters:
    ///   - input: the bytes of the spool.
    ///   - name: the input's name in errors.
    /// - Throws: `FileError`.
    package init(_ input: any ByteInput, name: String) throws {
        self.input = input
        self.name = name
        try refill()
        guard buffer.starts(with: SpoolFile.header) else { throw FileError(.failed, "not a spool:", path: name) }
        position = SpoolFile.header.count
    }

    /// The current id.
    @inlinable public var current: ArraySlice<UInt8> { buffer[id] }

    /// Advances to the next id.
    ///
    /// - Returns: false after the last id.
    /// - Throws: `FileError` if the spool is damaged or cannot be read.
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

    /// The error for an id with an invalid length, or whose bytes are missing.
    @usableFromInline
    func damage(length: Int) -> any Error {
        (1...SpoolFile.idLimit).contains(length)
            ? FileError(.failed, "the spool is cut:", path: name)
            : FileError(.failed, "an id of \(length) bytes is in the spool", path: name)
    }

    /// Reads until the buffer holds at least one id of any length, or the rest of the input.
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
