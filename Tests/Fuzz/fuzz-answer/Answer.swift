import Formats
import FuzzKit
import Model

@testable import ViberAPI

/// The input is the body of a `get_online` answer.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    Answer.check(bytes(start, count))
    return 0
}

/// A decoded answer; nil if the decoder refuses it.
struct Answer: Equatable {
    var status: Int
    var message: String
    var users: [BatchReply.User]?

    private static let time = Timestamp(milliseconds: 1_700_000_000_123)

    init?(_ body: [UInt8]) {
        do {
            let response = try GetOnlineResponse.decode(body, ids: 100)
            let reply = response.reply(at: Self.time)
            expect(reply.receivedAt == Self.time, "the time differs")
            expect(reply.users.count <= response.users?.count ?? 0, "more users than entries")
            status = response.status
            message = response.statusMessage
            users = response.users.map { _ in reply.users }
        } catch {
            let known: [ViberError] = [
                .invalidResponse("the body is not the JSON of get_online (\(body.count) bytes)"), .ambiguousStatus,
                .invalidResponse("the body has two keys 'users'"),
                .invalidResponse("the body is not the JSON of get_online: it has far more values than 100 ids have"),
            ]
            expect(known.contains(error), "unexpected error: \(error)")
            return nil
        }
    }

    static func check(_ body: [UInt8]) {
        let answer = Answer(body)
        expect(answer == Answer(body), "reading twice gives different results")
        // The scanner may leave any answer to the decoder, but what it reads must equal the decoder's result.
        if let users = ResponseScanner.users(in: body, maxUsers: 1_100) {
            expect(answer?.status == 0 && answer?.users == users, "scanned as \(users), decoded as \(answer as Any)")
        }
        if let json = JSON(body), json.everywhere({ !$0.isRounded }) {
            let expected = Answer(json)
            expect(answer == expected, "read as \(answer as Any), expected \(expected as Any)")
        }
        guard let answer else { return }
        for user in answer.users ?? [] {
            expect(String(validating: user.id, as: UTF8.self) != nil, "an id that is not UTF-8: \(user.id)")
            expect(user.lastOnline.map { $0 > 0 } ?? true, "a time before 1970")
            expect(
                !user.messageDiffers || (0...4).contains(user.status?.rawValue ?? -1),
                "the message of an unknown status differs")
        }
        expect(Answer(answer.written) == answer, "a round trip changes it")
        expect(Answer(body + body) == nil, "two documents are read as one answer")
        guard !body.contains(0), let end = body.lastIndex(where: { $0 > 0x20 }) else { return }  // UTF-16 has zeros
        expect(Answer(Array(body[..<end])) == nil, "a truncated answer is read")
    }
}

extension Answer {
    /// The answer according to the rules; nil if they refuse the document.
    init?(_ json: JSON) {
        guard let status = json["status"]?.integer, json.hasNames else { return nil }
        let written = (json.members ?? []).filter { $0.name == Array("status".utf8) }.map(\.text)
        guard written.allSatisfy({ $0 == written[0] }) else { return nil }
        guard (json.members ?? []).count(where: { $0.name == Array("users".utf8) }) < 2 else { return nil }
        self.status = Int(status)
        message = json["status_message"]?.content.map { String(decoding: $0, as: UTF8.self) } ?? ""
        switch json["users"] {
        case nil, .null: users = nil
        case .array(let items): users = items.compactMap(Self.user)
        default: return nil
        }
    }

    private static func user(_ json: JSON) -> BatchReply.User? {
        guard let id = json["id"]?.content, json.hasNames else { return nil }
        let keys = (json.members ?? []).map(\.name)
        guard keys.count(where: { $0 == Array("id".utf8) }) == 1 else { return nil }
        // A user with a repeated key has no status.
        let status = Set(keys).count == keys.count ? json["online_status"]?.integer : nil
        let names = ["online", "offline", "undisclosed", "tryLater", "unavailable"]
        var differs = false
        if let status, (0...4).contains(status), let message = json["online_status_message"]?.content {
            differs = message != Array(names[Int(status)].utf8)
        }
        return BatchReply.User(
            id: id[...], status: status.map(OnlineStatus.init(rawValue:)),
            lastOnline: json["last_online"]?.integer.flatMap { $0 > 0 ? $0 : nil }, messageDiffers: differs)
    }

    /// The answer as the API would send it.
    var written: [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("status")
        json.integer(status)
        json.key("status_message")
        json.string(message)
        if let users {
            json.key("users")
            json.beginArray()
            for user in users {
                json.beginObject()
                json.key("id")
                json.string(user.id)
                if let status = user.status {
                    json.key("online_status")
                    json.integer(status.rawValue)
                }
                if user.messageDiffers {
                    json.key("online_status_message")
                    json.string("another")
                }
                if let time = user.lastOnline {
                    json.key("last_online")
                    json.integer(time)
                }
                json.endObject()
            }
            json.endArray()
        }
        json.endObject()
        return json.bytes
    }
}
