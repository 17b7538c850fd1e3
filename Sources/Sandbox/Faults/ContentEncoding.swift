import Files

extension Fault.ContentEncoding {
    /// The value of `Content-Encoding`.
    var label: String { self == .brotli ? "br" : "gzip" }

    /// The body in this encoding.
    func encoded(_ body: [UInt8]) -> [UInt8] {
        var whole = Self.gzip(body)
        switch self {
        case .gzip: break
        case .gzipCut: whole.removeLast(whole.count / 2)
        case .gzipCRC: whole[whole.count - 8] ^= 1
        case .gzipMembers: whole = Self.gzip(body[..<(body.count / 2)]) + Self.gzip(body[(body.count / 2)...])
        case .gzipBomb: whole = Self.bomb
        case .brotli: whole = Self.brotli(body)
        }
        return whole
    }

    /// The header of gzip: magic, deflate, no flags, no time, no extra flags, Unix (RFC 1952, 2.3).
    private static let header: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]

    /// One member of stored blocks of at most 64 KiB (RFC 1951, 3.2.4), and an empty last one.
    private static func gzip(_ bytes: some RandomAccessCollection<UInt8>) -> [UInt8] {
        var out = header
        var rest = bytes[...]
        while !rest.isEmpty {
            let block = rest.prefix(0xffff)
            let size = UInt16(block.count)
            out += [0] + littleEndian(UInt64(size), 2) + littleEndian(UInt64(~size), 2)
            out += block
            rest = rest.dropFirst(block.count)
        }
        return out + [1, 0, 0, 0xff, 0xff] + trailer(Checksum.crc32(Array(bytes)), bytes.count)
    }

    /// 50 MB of blanks in 330 KB: one blank, and 200,000 times the code "repeat the last byte 258 times", with the
    /// fixed codes of RFC 1951, 3.2.6.
    private static let bomb: [UInt8] = {
        let blocks = 200
        var bits = Bits()
        bits.append(0b110, 3)  // last block, fixed codes
        bits.append(0x30 + 0x20, 8)  // a blank
        for _ in 0..<(blocks * 1_000) { bits.append(0b11000101_00000, 13) }  // length 258, distance 1
        bits.append(0, 7)  // end
        let blanks = [UInt8](repeating: 0x20, count: 258_000)
        let crc = (0..<blocks).reduce(Checksum.crc32([0x20])) { crc, _ in Checksum.crc32(blanks, continuing: crc) }
        return header + bits.bytes + trailer(crc, 1 + blocks * blanks.count)
    }()

    /// One uncompressed block of at most 64 KiB, and an empty last one (RFC 7932, 9.2).
    private static func brotli(_ bytes: [UInt8]) -> [UInt8] {
        let block = bytes.prefix(0x1_0000)
        return littleEndian(UInt64(block.count - 1) << 4 | 1 << 20, 3) + block + [3]
    }

    private static func trailer(_ crc: UInt32, _ length: Int) -> [UInt8] {
        littleEndian(UInt64(crc), 4) + littleEndian(UInt64(length), 4)
    }

    private static func littleEndian(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// Bits in deflate's order: each byte is filled from its lowest bit.
    private struct Bits {
        private(set) var bytes: [UInt8] = []
        private var free = 0

        /// Appends the lowest `count` bits of `code`, the highest of them first.
        mutating func append(_ code: Int, _ count: Int) {
            for shift in (0..<count).reversed() {
                if free == 0 {
                    bytes.append(0)
                    free = 8
                }
                bytes[bytes.count - 1] |= UInt8(code >> shift & 1) << (8 - free)
                free -= 1
            }
        }
    }
}
