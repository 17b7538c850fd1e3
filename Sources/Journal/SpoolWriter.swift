package import Files
import Formats

/// Writes a spool.
package struct SpoolWriter {
    private let file: OutputFile
    private let digest: BackgroundSHA256?
    /// Bytes not yet written to the file, up to `pendingCount`.
    private var pending = [UInt8](repeating: 0, count: bufferSize + SpoolFile.idLimit + 1)
    private var pendingCount = 0
    /// Bytes written to the file.
    private var written = 0
    package private(set) var count = 0

    private static let bufferSize = 1 << 16

    /// Creates a spool.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - digest: gets all bytes of the file.
    /// - Throws: `FileError`.
    package init(creating path: String, digest: BackgroundSHA256? = nil) throws {
        file = try OutputFile(creating: path)
        self.digest = digest
        pending.replaceSubrange(..<SpoolFile.header.count, with: SpoolFile.header)
        pendingCount = SpoolFile.header.count
    }

    /// The byte offset of the next id; never 0.
    package var end: Int { written + pendingCount }

    /// Appends an id of 1 to `SpoolFile.idLimit` bytes.
    package mutating func append(_ id: ArraySlice<UInt8>) throws {
        guard let length = UInt8(exactly: id.count), !id.isEmpty, id.count <= SpoolFile.idLimit else {
            throw FileError(.failed, "an id of \(id.count) bytes does not fit", path: file.path)
        }
        unsafe pending.withUnsafeMutableBytes { pending in
            unsafe pending[pendingCount] = length
            unsafe id.withUnsafeBytes { id in
                unsafe UnsafeMutableRawBufferPointer(rebasing: pending[(pendingCount + 1)...]).copyMemory(from: id)
            }
        }
        pendingCount += 1 + id.count
        count += 1
        if pendingCount >= Self.bufferSize { try flush() }
    }

    /// Whether the id at an offset is `id`. The offset must be the value of `end` before some id was appended.
    package func holds(_ id: ArraySlice<UInt8>, at offset: Int) throws -> Bool {
        if offset >= written {
            let start = offset - written + 1
            return Int(pending[start - 1]) == id.count && pending[start..<start + id.count].bytesEqual(id)
        }
        var bytes = [UInt8](repeating: 0, count: 1 + id.count)
        let length = try file.read(at: offset, into: &bytes)
        return length == bytes.count && Int(bytes[0]) == id.count && bytes.dropFirst().bytesEqual(id)
    }

    package mutating func finish() throws {
        try flush()
        try file.finish()
    }

    private mutating func flush() throws {
        let bytes = Array(pending[..<pendingCount])
        try file.write(bytes)
        digest?.update(bytes)
        written += pendingCount
        pendingCount = 0
    }
}
