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
        try file.append { out in
            out.append(length)
            out.append(contentsOf: id)
        }
        count += 1
    }

    package func finish() throws { try file.finish() }
}
