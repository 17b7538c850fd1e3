import CZlib
import Crypto

/// Check sums of bytes: SHA-256 for files that leave the machine, CRC-32 for records that are read back at once.
package enum Checksum {
    /// CRC-32 as gzip uses it.
    package static func crc32(_ bytes: some Collection<UInt8>, continuing crc: UInt32 = 0) -> UInt32 {
        let value = bytes.withContiguousStorageIfAvailable { buffer in
            unsafe UInt32(truncatingIfNeeded: crc32_z(UInt(crc), buffer.baseAddress, buffer.count))
        }
        return value ?? crc32(Array(bytes), continuing: crc)
    }

    /// Lower-case hex of a file's SHA-256, and its length.
    package static func sha256(of path: String) throws -> (hex: String, bytes: Int) {
        let file = try InputFile(opening: path)
        var digest = SHA256()
        var total = 0
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let length = try file.read(into: &buffer)
            if length == 0 { break }
            total += length
            unsafe buffer[..<length].withUnsafeBytes { unsafe digest.update(bufferPointer: $0) }
        }
        return (digest.finalize().hex, total)
    }
}

extension SHA256.Digest {
    fileprivate var hex: String {
        var text = ""
        for byte in self {
            if byte < 16 { text += "0" }
            text += String(byte, radix: 16)
        }
        return text
    }
}
