import Model

/// The body of `POST /pa/get_online`: `{"ids":["…"]}`.
enum OnlineRequest {
    static let path = "/pa/get_online"

    /// Compact JSON; 100 ids are about 2.7 kB of the 30 kB a request may have.
    static func body(_ batch: IDBatch) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(batch.bytes.count + batch.count * 3 + 10)
        out.append(contentsOf: "{\"ids\":[".utf8)
        for index in 0..<batch.count {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            out.append(UInt8(ascii: "\""))
            JSONText.escape(batch[index], into: &out)
            out.append(UInt8(ascii: "\""))
        }
        out.append(contentsOf: "]}".utf8)
        return out
    }
}
