import Formats
import Model

/// The body of `POST /pa/get_online`: `{"ids":["…"]}`.
enum OnlineRequest {
    static let path = "/pa/get_online"

    /// Compact JSON; 100 ids take about 2.7 kB of the 30 kB a request may have.
    static func body(_ batch: IDBatch) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(batch.bytes.count + batch.count * 3 + 10)
        out.append(contentsOf: "{\"ids\":[".utf8)
        // Ids almost never need escapes, so they are checked once per batch, not one by one.
        if JSONText.needsEscapes(batch.bytes[...]) {
            for index in 0..<batch.count {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                out.append(UInt8(ascii: "\""))
                JSONText.escape(batch[index], into: &out)
                out.append(UInt8(ascii: "\""))
            }
        } else {
            appendUnescaped(batch, to: &out)
        }
        out.append(contentsOf: "]}".utf8)
        return out
    }

    /// Appends the ids without escaping, each in quotes, separated by commas.
    private static func appendUnescaped(_ batch: IDBatch, to out: inout [UInt8]) {
        unsafe batch.bytes.withUnsafeBytes { bytes in
            for index in 0..<batch.count {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                out.append(UInt8(ascii: "\""))
                unsafe out.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[batch.range(of: index)]))
                out.append(UInt8(ascii: "\""))
            }
        }
    }
}
