import CZlib

/// Checksums of bytes: SHA-256 for files that leave the machine, CRC-32 for the program's own work files.
package enum Checksum {
    /// The CRC-32 that gzip uses.
    package static func crc32(_ bytes: ArraySlice<UInt8>, continuing crc: UInt32 = 0) -> UInt32 {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe UInt32(truncatingIfNeeded: crc32_z(UInt(crc), buffer.baseAddress, buffer.count))
        }
    }

    /// The same for any collection of bytes.
    package static func crc32(_ bytes: some Collection<UInt8>, continuing crc: UInt32 = 0) -> UInt32 {
        crc32(ArraySlice(bytes), continuing: crc)
    }
}
