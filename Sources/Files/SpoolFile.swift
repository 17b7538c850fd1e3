/// The spool: the accepted ids of one run, each once, in source order, on disk.
///
/// A header, then for each id its length in one byte and its bytes. It is read from start to end only: batches, later
/// passes and publishing all walk in source order.
package enum SpoolFile {
    /// The most bytes of an id.
    package static let idLimit = 128

    static let header = Array("VRSPOOL1".utf8)
}

/// Writes a spool.
package struct SpoolWriter {
    private let file: OutputFile
    package private(set) var count = 0

    package init(creating path: String) throws {
        file = try OutputFile(creating: path)
        try file.write(SpoolFile.header)
    }

    /// `id`: 1 to `SpoolFile.idLimit` bytes.
    package mutating func append(_ id: ArraySlice<UInt8>) throws {
        guard let length = UInt8(exactly: id.count), !id.isEmpty, id.count <= SpoolFile.idLimit else {
            throw FileError(.failed, "an id of \(id.count) bytes does not fit", path: file.path)
        }
        try file.write(CollectionOfOne(length))
        try file.write(id)
        count += 1
    }

    package func finish() throws { try file.finish() }
}

/// Reads a spool in order.
package struct SpoolReader {
    private let file: InputFile
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)
    private var position = 0
    private var available = 0
    private var id: [UInt8] = []

    package init(opening path: String) throws {
        file = try InputFile(opening: path)
        guard try take(SpoolFile.header.count), id == SpoolFile.header else {
            throw FileError(.failed, "not a spool:", path: path)
        }
    }

    /// The id that `next()` went to.
    package var current: ArraySlice<UInt8> { id[...] }

    /// - Returns: false after the last id.
    package mutating func next() throws -> Bool {
        guard try refill() else { return false }
        let length = Int(buffer[position])
        position += 1
        guard try take(length) else { throw FileError(.failed, "the spool is cut:", path: file.path) }
        return true
    }

    private mutating func take(_ count: Int) throws -> Bool {
        id.removeAll(keepingCapacity: true)
        while id.count < count {
            guard try refill() else { return false }
            let end = min(available, position + count - id.count)
            id.append(contentsOf: buffer[position..<end])
            position = end
        }
        return true
    }

    private mutating func refill() throws -> Bool {
        if position < available { return true }
        available = try file.read(into: &buffer)
        position = 0
        return available > 0
    }
}
