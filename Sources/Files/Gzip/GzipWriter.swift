import CZlib
import Dispatch
import Foundation

/// Compresses into a file as one gzip member, on all cores. File name and time are not set: equal rows give equal
/// bytes.
///
/// Bytes can be reserved at the start for an opening that is known only at the end, such as the duration of publishing.
/// They become stored deflate blocks, which `finish(opening:)` fills in.
///
/// The caller's thread writes the file; other threads compress. At most one block per core is in work.
package final class GzipWriter {
    private let file: OutputFile
    private let reserved: Int
    private let level: Int32
    private let compressors = DispatchQueue(label: "viber-rollcall.gzip", attributes: .concurrent)
    private var text: [UInt8] = []
    /// A buffer to reuse for the next block.
    private var spare: [UInt8] = []
    /// Blocks that are being compressed, the oldest first.
    private var pendingBlocks: [DeflatedBlock.Future] = []
    private var crc: UInt32 = 0
    private var length = 0

    /// Bytes of text per block.
    private static let blockSize = 1 << 19
    private static let cores = max(ProcessInfo.processInfo.activeProcessorCount, 1)
    /// The maximum length of a stored deflate block in bytes (RFC 1951, 3.2.4).
    private static let storedLimit = 0xffff
    /// Magic, deflate, no flags, time 0, no extra flags, Unix (RFC 1952, 2.3).
    private static let header: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]

    /// Starts a gzip member in a new file.
    ///
    /// - Parameters:
    ///   - file: the file, still empty.
    ///   - reserving: bytes of uncompressed text to reserve at the start.
    ///   - level: zlib's, 1 to 9. Ids hardly compress: level 6 takes one and a half times as long as level 2 for 3 %
    ///     less (measured with 200,000 rows of CSV: 0.126 and 0.086 s, 3.74 and 3.86 MB; level 1: 0.088 s, 3.91 MB).
    /// - Throws: `FileError`.
    package init(_ file: OutputFile, reserving: Int = 0, level: Int32 = 2) throws {
        self.file = file
        self.level = level
        reserved = reserving
        try file.write(Self.header)
        try file.write(Self.stored([UInt8](repeating: 0x20, count: reserving)))
        prepareBuffer()
    }

    package func write(_ bytes: [UInt8]) throws { try append { $0.append(contentsOf: bytes) } }

    /// Writes the bytes that `body` appends.
    package func append(_ body: (inout [UInt8]) -> Void) throws {
        body(&text)
        if text.count >= Self.blockSize { try compress() }
    }

    /// Ends the member, fills in the opening, syncs the file to the disk and closes it.
    ///
    /// - Parameter opening: exactly as many bytes as were reserved.
    /// - Throws: `FileError`.
    package func finish(opening: [UInt8] = []) throws {
        guard opening.count == reserved else {
            throw FileError(.failed, "the opening does not have the reserved length in", path: file.path)
        }
        try compress()
        while !pendingBlocks.isEmpty { try writeOldest() }
        try file.write(DeflatedBlock.end)
        let total = UInt32(truncatingIfNeeded: crc32_combine(UInt(Checksum.crc32(opening)), UInt(crc), length))
        try file.write(Self.littleEndian(total) + Self.littleEndian(UInt32(truncatingIfNeeded: reserved + length)))
        try file.overwrite(Self.stored(opening), at: Self.header.count)
        try file.finish()
    }

    /// Compresses the buffered text on another thread.
    private func compress() throws {
        guard !text.isEmpty else { return }
        if pendingBlocks.count >= Self.cores { try writeOldest() }
        pendingBlocks.append(DeflatedBlock.Future(text, level: level, on: compressors))
        text = spare
        spare = []
        prepareBuffer()
    }

    private func prepareBuffer() {
        text.removeAll(keepingCapacity: true)
        text.reserveCapacity(Self.blockSize + Self.blockSize / 8)
    }

    private func writeOldest() throws {
        let done = pendingBlocks.removeFirst().wait()
        spare = done.text
        guard let block = done.block else {
            throw FileError(.failed, "cannot compress", path: file.path)
        }
        crc = UInt32(truncatingIfNeeded: crc32_combine(UInt(crc), UInt(block.crc), block.length))
        length += block.length
        try file.write(block.bytes)
    }

    private static func stored(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: storedLimit) {
            let block = bytes[start..<min(start + storedLimit, bytes.count)]
            let size = UInt16(block.count)
            out += [0, UInt8(size & 0xff), UInt8(size >> 8), UInt8(~size & 0xff), UInt8(~size >> 8)]
            out += block
        }
        return out
    }

    private static func littleEndian(_ value: UInt32) -> [UInt8] {
        [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}
