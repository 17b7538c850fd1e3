import Model

/// Reads the one shape in which `get_online` answers, without a decoder: its keys in their order, ids without escapes.
///
/// Whatever is written in another way is nil here and the general decoder's; what both accept they read the same. A
/// decoder takes 160 to 250 µs for the 100 users of an answer.
struct AnswerScanner {
    private let text: [UInt8]
    private var place = 0

    /// The users of a good answer, in the order they came; nil if it is for the decoder.
    static func users(in body: [UInt8]) -> [OnlineReply.User]? {
        var scanner = AnswerScanner(text: body)
        return scanner.answer()
    }

    private mutating func answer() -> [OnlineReply.User]? {
        guard take("{"), key("status"), take("0"), take(","), key("status_message"), string() != nil, take(","),
            key("users"), take("[")
        else { return nil }
        var users: [OnlineReply.User] = []
        users.reserveCapacity(IDBatch.limit)
        if !take("]") {
            repeat {
                guard let user = user() else { return nil }
                users.append(user)
            } while take(",")
            guard take("]") else { return nil }
        }
        guard take("}") else { return nil }
        skipBlanks()
        return place == text.count ? users : nil
    }

    private mutating func user() -> OnlineReply.User? {
        guard take("{"), key("id"), let id = string(), take(","), key("online_status"), let number = number(),
            take(","),
            key("online_status_message"), let message = string()
        else { return nil }
        var lastOnline: Int64?
        if take(",") {
            guard key("last_online"), let time = self.number() else { return nil }
            lastOnline = time > 0 ? time : nil
        }
        guard take("}") else { return nil }
        let status = OnlineStatus(rawValue: number)
        let differs = status.isDocumented && !text[message].elementsEqual(Self.names[Int(number)])
        return OnlineReply.User(id: text[id], status: status, lastOnline: lastOnline, messageDiffers: differs)
    }

    /// Passes over one character, and blanks before it.
    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard place < text.count, text[place] == UInt8(ascii: character) else { return false }
        place += 1
        return true
    }

    private mutating func skipBlanks() {
        while place < text.count, text[place] <= 0x20 {
            let byte = text[place]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            place += 1
        }
    }

    /// Passes over a key and its colon.
    private mutating func key(_ name: StaticString) -> Bool {
        guard take("\"") else { return false }
        let length = name.utf8CodeUnitCount
        guard length < text.count - place else { return false }
        for index in 0..<length {
            guard unsafe text[place + index] == name.utf8Start[index] else { return false }
        }
        place += length
        guard text[place] == UInt8(ascii: "\"") else { return false }
        place += 1
        return take(":")
    }

    /// The names of the documented numbers.
    private static let names = (0...4).map { Array(OnlineStatus(rawValue: $0).name.utf8) }

    /// Where the content of a string is that needs no unescaping: ASCII without control characters.
    private mutating func string() -> Range<Int>? {
        guard take("\"") else { return nil }
        let start = place
        while place < text.count {
            let byte = text[place]
            place += 1
            if byte == UInt8(ascii: "\"") { return start..<place - 1 }
            guard byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "\\") else { return nil }
        }
        return nil
    }

    /// Digits, as many as fit 64 bits whatever they are; no leading zeros, no sign, no fraction.
    private mutating func number() -> Int64? {
        skipBlanks()
        let start = place
        var value: Int64 = 0
        while place < text.count, case let digit = text[place] &- 0x30, digit < 10 {
            guard place - start < 18 else { return nil }
            value = value * 10 + Int64(digit)
            place += 1
        }
        guard place > start, place == start + 1 || text[start] != 0x30 else { return nil }
        return value
    }
}
