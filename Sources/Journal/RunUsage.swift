import Formats
package import Model

/// The API usage of all processes of a run so far. It is stored at the end of the answer file, so that a killed process
/// is counted too.
///
/// Seven 64-bit numbers, little-endian, and a CRC-32 over them.
package struct RunUsage: Sendable, Equatable {
    package var passes = 0
    package var api = RunSummary.APIUsage()

    static let size = 64

    package init() {}

    package init(of summary: RunSummary) {
        passes = summary.run.passes
        api = summary.api
    }

    private var words: InlineArray<7, UInt64> {
        [
            UInt64(passes), UInt64(api.requests), UInt64(api.retries), UInt64(api.throttled), UInt64(api.extraUsers),
            UInt64(api.duplicateUsers), UInt64(api.statusMessageMismatches),
        ]
    }

    var bytes: [UInt8] {
        let words = words
        var sum = CRC32()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.size)
        for index in words.indices {
            sum.update(word: words[index])
            Self.append(words[index], to: &bytes)
        }
        Self.append(UInt64(~sum.value), to: &bytes)
        return bytes
    }

    private static func append(_ word: UInt64, to bytes: inout [UInt8]) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
    }

    /// Decodes `bytes`; nil if they are damaged.
    init?(bytes: [UInt8]) {
        guard bytes.count == Self.size else { return nil }
        let words = (0..<8).map { word in
            (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[word * 8 + $1]) << ($1 * 8) }
        }
        var sum = CRC32()
        for word in words.prefix(7) { sum.update(word: word) }
        // A new file holds zeros, and their checksum is not zero.
        guard words[7] == UInt64(~sum.value) else { return nil }
        let numbers = words.prefix(7).map { Int(truncatingIfNeeded: $0) }
        guard numbers.allSatisfy(RunSummary.plausible.contains) else { return nil }
        passes = numbers[0]
        api.requests = numbers[1]
        api.retries = numbers[2]
        api.throttled = numbers[3]
        api.extraUsers = numbers[4]
        api.duplicateUsers = numbers[5]
        api.statusMessageMismatches = numbers[6]
    }
}
