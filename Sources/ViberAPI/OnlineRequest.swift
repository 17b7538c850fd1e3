import Model

/// The body of `POST /pa/get_online`: `{"ids":["…"]}`.
enum OnlineRequest {
    static let path = "/pa/get_online"

    /// Compact JSON; 100 ids are about 2.7 kB of the 30 kB a request may have.
    static func body(_ batch: IDBatch) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(batch.bytes.count + batch.count * 3 + 10)
        out.append(contentsOf: "{\"ids\":[".utf8)
        // Nearly always; asked once for all ids, not for each.
        let isPlain = !JSONText.needsEscapes(batch.bytes[...])
        var start = 0
        for end in batch.ends {
            out.append(UInt8(ascii: start == 0 ? "\"" : ","))
            if start > 0 { out.append(UInt8(ascii: "\"")) }
            let id = batch.bytes[start..<end]
            if isPlain { out.append(contentsOf: id) } else { JSONText.escape(id, into: &out) }
            out.append(UInt8(ascii: "\""))
            start = end
        }
        out.append(contentsOf: "]}".utf8)
        return out
    }
}
