import Formats
import Model

/// Reads the one shape in which `get_online` answers, without a decoder: its keys in their order, ids without escapes.
///
/// Whatever is written in another way is nil here and the general decoder's; what both accept they read the same. A
/// decoder takes 160 to 250 µs for the 100 users of an answer, this takes 7.
struct AnswerScanner {
    private let body: [UInt8]
    private var cursor: ByteCursor

    /// The users of a good answer, in the order they came; nil if it is for the decoder. `maxUsers`: users that are read.
    static func users(in body: [UInt8], maxUsers: Int) -> [BatchReply.User]? {
        unsafe body.withUnsafeBytes { bytes in
            var scanner = unsafe AnswerScanner(body: body, cursor: ByteCursor(bytes))
            return scanner.answer(maxUsers: maxUsers)
        }
    }

    private mutating func answer(maxUsers: Int) -> [BatchReply.User]? {
        guard expect("{\"status\":0,\"status_message\":\""), string() != nil, expect(",\"users\":[") else { return nil }
        var users: [BatchReply.User] = []
        users.reserveCapacity(IDBatch.limit)
        if !expect("]}") {
            repeat {
                guard users.count < maxUsers, let user = user() else { return nil }
                users.append(user)
            } while expect(",")
            guard expect("]}") else { return nil }
        }
        skipBlanks()
        return cursor.isAtEnd ? users : nil
    }

    private mutating func user() -> BatchReply.User? {
        guard expect("{\"id\":\""), let id = string(), expect(",\"online_status\":"), let number = number(),
            expect(",\"online_status_message\":")
        else { return nil }
        let status = OnlineStatus(rawValue: number)
        let differs = status.isDocumented && !expect(status.quotedName)
        if differs || !status.isDocumented {
            guard expect("\""), string() != nil else { return nil }
        }
        var lastOnline: Int64?
        if expect(",\"last_online\":") {
            guard let time = self.number() else { return nil }
            lastOnline = time > 0 ? time : nil
        }
        guard expect("}") else { return nil }
        return BatchReply.User(id: body[id], status: status, lastOnline: lastOnline, messageDiffers: differs)
    }

    /// Passes over some JSON if it stands here, with or without blanks between its parts. It begins outside a string.
    @inline(__always)
    private mutating func expect(_ json: StaticString) -> Bool { cursor.take(json) || expectSpaced(json) }

    private mutating func expectSpaced(_ json: StaticString) -> Bool {
        let start = cursor.place
        var isInString = false
        for index in 0..<json.utf8CodeUnitCount {
            let byte = unsafe json.utf8Start[index]
            if !isInString { skipBlanks() }
            guard cursor.take(byte: byte) else {
                cursor.place = start
                return false
            }
            if byte == UInt8(ascii: "\"") { isInString.toggle() }
        }
        return true
    }

    private mutating func skipBlanks() {
        while case let byte = cursor.next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            cursor.place += 1
        }
    }

    /// Where the content of a string is that needs no unescaping, from behind its first quote.
    private mutating func string() -> Range<Int>? {
        guard let string = cursor.restOfString(), string.isPlain else { return nil }
        return string.content
    }

    private mutating func number() -> Int64? {
        skipBlanks()
        return cursor.wholeNumber()
    }
}
