/// CRC-32 as in gzip (ISO 3309), bit by bit.
package func crc32(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let sum = bytes.reduce(UInt32.max) { sum, byte in
        (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum & 1 == 0 ? sum >> 1 : sum >> 1 ^ 0xEDB8_8320 }
    }
    return ~sum
}
