import CZlib
import Dispatch
import Foundation

/// Compresses into a file as one gzip member, on all cores: no file name, time 0, so that equal rows give equal bytes.
///
/// Room may be reserved at the start for an opening that is known only at the end (how long publishing took, for
/// one). It becomes stored deflate blocks, filled in by `finish(opening:)`.
///
/// One thread writes the file, the caller's; others compress, and only as many blocks as there are cores are under way.
package final class GzipWriter {
    private let file: OutputFile
    private let reserved: Int
    private let level: Int32
    private let compressors = DispatchQueue(label: "viber-rollcall.gzip", attributes: .concurrent)
    private var text: [UInt8] = []
    /// Room for the text of another block.
    private var spare: [UInt8] = []
    /// The oldest first.
    private var underWay: [DeflatedBlock.Future] = []
    private var crc: UInt32 = 0
    private var length = 0

    /// Bytes of text that are compressed at once.
    private static let blockSize = 1 << 19
    private static let cores = max(ProcessInfo.processInfo.activeProcessorCount, 1)
    /// The most bytes a stored deflate block holds (RFC 1951, 3.2.4).
    private static let storedLimit = 0xffff
    /// Magic, deflate, no flags, time 0, no extra flags, Unix (RFC 1952, 2.3).
    private static let header: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]

    /// `reserving`: bytes of uncompressed text to leave room for at the start.
    /// `level`: zlib's, 1 to 9. Ids hardly compress, so that level 6 takes half as long again as level 2 for 3 % less
    /// (measured with 200,000 rows of CSV: 0.126 and 0.086 s, 3.74 and 3.86 MB; level 1: 0.088 s, 3.91 MB).
    package init(_ file: OutputFile, reserving: Int = 0, level: Int32 = 2) throws {
        self.file = file
        self.level = level
        reserved = reserving
        try file.write(Self.header)
        try file.write(Self.stored([UInt8](repeating: 0x20, count: reserving)))
        makeRoom()
    }

    package func write(_ bytes: [UInt8]) throws { try append { $0.append(contentsOf: bytes) } }

    /// Takes what `body` appends.
    package func append(_ body: (inout [UInt8]) -> Void) throws {
        body(&text)
        if text.count >= Self.blockSize { try compress() }
    }

    /// Ends the member, fills in the opening, puts the file on the disk and closes it.
    /// `opening`: exactly as long as the room reserved.
    package func finish(opening: [UInt8] = []) throws {
        guard opening.count == reserved else {
            throw FileError(.failed, "opening is not of the length reserved in", path: file.path)
        }
        try compress()
        while !underWay.isEmpty { try writeOldest() }
        try file.write(DeflatedBlock.end)
        let total = UInt32(truncatingIfNeeded: crc32_combine(UInt(Checksum.crc32(opening)), UInt(crc), length))
        try file.write(Self.littleEndian(total) + Self.littleEndian(UInt32(truncatingIfNeeded: reserved + length)))
        try file.overwrite(Self.stored(opening), at: Self.header.count)
        try file.finish()
    }

    /// Gives the text to another thread.
    private func compress() throws {
        guard !text.isEmpty else { return }
        if underWay.count >= Self.cores { try writeOldest() }
        underWay.append(DeflatedBlock.Future(text, level: level, on: compressors))
        text = spare
        spare = []
        makeRoom()
    }

    private func makeRoom() {
        text.removeAll(keepingCapacity: true)
        text.reserveCapacity(Self.blockSize + Self.blockSize / 8)
    }

    private func writeOldest() throws {
        let done = underWay.removeFirst().wait()
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
