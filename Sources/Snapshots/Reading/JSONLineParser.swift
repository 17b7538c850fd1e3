import Formats
import Model

/// Parses the line of one subscriber in `snapshot.json.gz`.
struct JSONLineParser {
    let id: ArraySlice<UInt8>
    let entry: IDState

    /// Nil if the line is malformed.
    init?(_ line: ArraySlice<UInt8>) {
        let found = unsafe line.withUnsafeBytes { bytes in
            var scanner = unsafe Scanner(line: line, cursor: ByteCursor(bytes))
            return scanner.row()
        }
        guard let found else { return nil }
        entry = found.entry
        if found.id.contains(UInt8(ascii: "\\")) {
            guard let unescaped = JSONText.unescape(found.id) else { return nil }
            id = unescaped[...]
        } else {
            id = found.id
        }
    }

    private struct Scanner {
        let line: ArraySlice<UInt8>
        var cursor: ByteCursor

        /// Parses the whole line. The id is still escaped.
        mutating func row() -> (id: ArraySlice<UInt8>, entry: IDState)? {
            guard cursor.take("{\"id\":\""), let id = rest(), cursor.take(",\"online_status\":"),
                let entry = cursor.take("null") ? unanswered() : answered()
            else { return nil }
            _ = cursor.take(byte: UInt8(ascii: ","))  // before the next subscriber
            return cursor.isAtEnd ? (id, entry) : nil
        }

        private mutating func answered() -> IDState? {
            guard let number = number() else { return nil }
            let status = OnlineStatus(rawValue: number)
            guard cursor.take(",\"online_status_message\":"), cursor.take(status.quotedName),
                cursor.take(",\"last_online\":")
            else { return nil }
            var lastOnline: Int64?
            if !cursor.take("null") {
                guard let time = self.number() else { return nil }
                lastOnline = time
            }
            guard cursor.take(",\"checked_at\":\""), let time = rest(), let checkedAt = Timestamp(bytes: time),
                cursor.take(",\"attempts\":"), let attempts = cursor.integer(), cursor.take(",\"error\":null}")
            else { return nil }
            return IDState(
                outcome: .answered(StatusAnswer(status: status, lastOnline: lastOnline, checkedAt: checkedAt)),
                attempts: Int(attempts))
        }

        private mutating func unanswered() -> IDState? {
            guard cursor.take(",\"online_status_message\":null,\"last_online\":null,\"checked_at\":null,\"attempts\":"),
                let attempts = cursor.integer(), cursor.take(",\"error\":\""), let error = rest(), cursor.take("}"),
                let outcome = Outcome(errorText: String(decoding: error, as: UTF8.self))
            else { return nil }
            return IDState(outcome: outcome, attempts: Int(attempts))
        }

        /// The rest of a string, still escaped.
        private mutating func rest() -> ArraySlice<UInt8>? {
            guard let string = cursor.restOfString() else { return nil }
            return line[line.startIndex + string.content.lowerBound..<line.startIndex + string.content.upperBound]
        }

        private mutating func number() -> Int64? {
            let start = cursor.offset
            if let number = cursor.integer() { return number }
            // A sign, or nearly as many digits as fit 64 bits.
            cursor.offset = start
            while cursor.next == UInt8(ascii: "-") || cursor.next >= 0x30 && cursor.next <= 0x39 { cursor.offset += 1 }
            let text = line[line.startIndex + start..<line.startIndex + cursor.offset]
            return Int64(String(decoding: text, as: UTF8.self))
        }
    }
}
