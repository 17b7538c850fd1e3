/// Sample ids in the format of Viber's (16 bytes as base64): the same at every call, and not those of real users.
package enum SampleIDs {
    package static func ids(_ count: Int, seed: UInt64 = 2_026) -> [String] {
        var random = SplitMix64(state: seed)
        return (0..<count).map { _ in base64(random.next(), random.next()) }
    }

    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// 128 bits as 22 characters and `==`.
    private static func base64(_ high: UInt64, _ low: UInt64) -> String {
        let bits =
            (0..<16).map { UInt8(truncatingIfNeeded: ($0 < 8 ? high : low) >> (56 - $0 % 8 * 8)) } + [
                0, 0,
            ]
        var text: [UInt8] = []
        for start in stride(from: 0, to: 18, by: 3) {
            let group = UInt32(bits[start]) << 16 | UInt32(bits[start + 1]) << 8 | UInt32(bits[start + 2])
            for shift in [18, 12, 6, 0] { text.append(alphabet[Int(group >> UInt32(shift)) & 63]) }
        }
        return String(decoding: text.prefix(22), as: UTF8.self) + "=="
    }
}
