import Model

/// The `Retry-After` header: how long a client should wait before its next request (RFC 9110, 10.2.3).
///
/// Invalid values count as absent, and no value can overflow.
enum RetryAfter {
    /// The longest wait, in seconds; longer ones are shortened to it, since a wait of a day stops a run anyway.
    private static let limit: Int64 = 86_400

    /// - Parameters:
    ///   - values: the values of all `Retry-After` headers; the first valid one counts.
    ///   - now: the current time in seconds since 1970, for a value that is a date.
    /// - Returns: the wait from now, at least 0; nil if no value is valid.
    static func wait(_ values: [String], now: Int64) -> Duration? {
        for value in values {
            let words = value.utf8.split { $0 == 0x20 || $0 == 0x09 }
            if words.count == 1, let seconds = seconds(Array(words[0])) { return .seconds(seconds) }
            if let date = date(Array(value.utf8)) { return .seconds(min(max(date - now, 0), limit)) }
        }
        return nil
    }

    /// Parses digits only; a number above the limit becomes the limit.
    private static func seconds(_ bytes: [UInt8]) -> Int64? {
        guard !bytes.isEmpty, bytes.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        return bytes.reduce(Int64(0)) { min($0 * 10 + Int64($1 - 0x30), limit) }
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Parses `Sun, 06 Nov 1994 08:49:37 GMT`, the only date format that servers send, to seconds since 1970.
    private static func date(_ bytes: [UInt8]) -> Int64? {
        let words = String(decoding: bytes, as: UTF8.self).split(separator: " ", omittingEmptySubsequences: true)
        guard words.count == 6, words[5] == "GMT", words[0].hasSuffix(","),
            let day = number(words[1], 1...31), let month = months.firstIndex(of: String(words[2])),
            let year = number(words[3], 1_970...9_999)
        else { return nil }
        let time = words[4].split(separator: ":", omittingEmptySubsequences: false)
        guard time.count == 3, let hour = number(time[0], 0...23), let minute = number(time[1], 0...59),
            let second = number(time[2], 0...60)
        else { return nil }
        return Timestamp.days(year: year, month: Int64(month) + 1, day: day) * 86_400 + hour * 3_600 + minute * 60
            + second
    }

    private static func number(_ text: Substring, _ range: ClosedRange<Int64>) -> Int64? {
        guard text.utf8.count <= 4, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let number = Int64(text) else {
            return nil
        }
        return range.contains(number) ? number : nil
    }
}
