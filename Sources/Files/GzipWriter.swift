import CZlib

/// Compresses into a file as one gzip member: no file name, time 0, so that equal content gives equal bytes.
///
/// Room may be reserved at the start for an opening that is known only at the end (how long publishing took, for
/// one). It becomes stored deflate blocks, filled in by `finish(opening:)`.
@safe
package final class GzipWriter {
    private let file: OutputFile
    private let reserved: Int
    private let stream: UnsafeMutablePointer<z_stream>
    private var output = [UInt8](repeating: 0, count: 1 << 16)
    private var pending: [UInt8] = []
    private var crc: UInt32 = 0
    private var length = 0

    private static let chunk = 1 << 16
    /// The most bytes a stored deflate block holds (RFC 1951, 3.2.4).
    private static let storedLimit = 0xffff
    /// Magic, deflate, no flags, time 0, no extra flags, Unix (RFC 1952, 2.3).
    private static let header: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]

    /// `reserving`: bytes of uncompressed text to leave room for at the start.
    /// `level`: zlib's, 1 to 9.
    package init(_ file: OutputFile, reserving: Int = 0, level: Int32 = 6) throws {
        self.file = file
        reserved = reserving
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let status = unsafe deflateInit2_(
            stream, level, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw FileError(.failed, "cannot compress", path: file.path) }
        try file.write(Self.header)
        try file.write(Self.stored([UInt8](repeating: 0x20, count: reserving)))
        pending.reserveCapacity(Self.chunk)
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    package func write(_ bytes: some Collection<UInt8>) throws {
        pending.append(contentsOf: bytes)
        if pending.count >= Self.chunk { try compress(Z_NO_FLUSH) }
    }

    /// Ends the member, fills in the opening, puts the file on the disk and closes it.
    /// `opening`: exactly as long as the room reserved.
    package func finish(opening: [UInt8] = []) throws {
        guard opening.count == reserved else {
            throw FileError(.failed, "opening is not of the length reserved in", path: file.path)
        }
        try compress(Z_FINISH)
        let total = UInt32(truncatingIfNeeded: crc32_combine(UInt(Checksum.crc32(opening)), UInt(crc), length))
        try file.write(Self.littleEndian(total) + Self.littleEndian(UInt32(truncatingIfNeeded: reserved + length)))
        try file.overwrite(Self.stored(opening), at: Self.header.count)
        try file.finish()
    }

    private func compress(_ flush: Int32) throws {
        crc = Checksum.crc32(pending, continuing: crc)
        length += pending.count
        let count = pending.count
        try unsafe pending.withUnsafeMutableBufferPointer { input in
            unsafe stream.pointee.next_in = input.baseAddress
            unsafe stream.pointee.avail_in = UInt32(count)
            var room = 0
            repeat {
                let status = unsafe output.withUnsafeMutableBufferPointer { target in
                    unsafe stream.pointee.next_out = target.baseAddress
                    unsafe stream.pointee.avail_out = UInt32(target.count)
                    return unsafe deflate(stream, flush)
                }
                guard status != Z_STREAM_ERROR else { throw FileError(.failed, "cannot compress", path: file.path) }
                room = unsafe Int(stream.pointee.avail_out)
                try file.write(output[..<(output.count - room)])
            } while room == 0
        }
        pending.removeAll(keepingCapacity: true)
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
