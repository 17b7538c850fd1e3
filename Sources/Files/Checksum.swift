import CZlib

/// Check sums of bytes: SHA-256 for files that leave the machine, CRC-32 for records that are read back at once.
package enum Checksum {
    /// CRC-32 as gzip uses it.
    package static func crc32(_ bytes: ArraySlice<UInt8>, continuing crc: UInt32 = 0) -> UInt32 {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe UInt32(truncatingIfNeeded: crc32_z(UInt(crc), buffer.baseAddress, buffer.count))
        }
    }

    /// The same of bytes that stand anywhere.
    package static func crc32(_ bytes: some Collection<UInt8>, continuing crc: UInt32 = 0) -> UInt32 {
        crc32(ArraySlice(bytes), continuing: crc)
    }
}
