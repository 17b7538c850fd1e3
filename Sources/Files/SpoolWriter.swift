import Model

/// Writes a spool.
package struct SpoolWriter {
    private let file: OutputFile
    private var pending: [UInt8] = []
    /// Bytes that the file has.
    private var written = 0
    package private(set) var count = 0

    private static let bufferSize = 1 << 16

    package init(creating path: String) throws {
        file = try OutputFile(creating: path)
        pending.reserveCapacity(Self.bufferSize + SpoolFile.idLimit + 1)
        pending.append(contentsOf: SpoolFile.header)
    }

    /// Where the next id will stand; never 0.
    package var end: Int { written + pending.count }

    /// `id`: 1 to `SpoolFile.idLimit` bytes.
    package mutating func append(_ id: ArraySlice<UInt8>) throws {
        guard let length = UInt8(exactly: id.count), !id.isEmpty, id.count <= SpoolFile.idLimit else {
            throw FileError(.failed, "an id of \(id.count) bytes does not fit", path: file.path)
        }
        pending.append(length)
        pending.append(contentsOf: id)
        count += 1
        if pending.count >= Self.bufferSize { try flush() }
    }

    /// Whether an id stands at a place, which was `end` when one was appended.
    package func holds(_ id: ArraySlice<UInt8>, at place: Int) throws -> Bool {
        if place >= written {
            let start = place - written + 1
            return Int(pending[start - 1]) == id.count && pending[start..<start + id.count].isSame(as: id)
        }
        var bytes = [UInt8](repeating: 0, count: 1 + id.count)
        let length = try file.read(at: place, into: &bytes)
        return length == bytes.count && Int(bytes[0]) == id.count && bytes.dropFirst().isSame(as: id)
    }

    package mutating func finish() throws {
        try flush()
        try file.finish()
    }

    private mutating func flush() throws {
        try file.write(pending)
        written += pending.count
        pending.removeAll(keepingCapacity: true)
    }
}
