import Foundation
import Model

/// The body of a `get_online` response.
///
/// Fields: Viber REST API, "Subscribers Status"; `last_online` is undocumented and in every recorded
/// response. Unknown fields are ignored, and a user that cannot be decoded does not affect the other 99.
struct GetOnlineResponse: Decodable {
    var status: Int
    var statusMessage: String
    /// Nil when the key is missing or null.
    var users: [User]?

    /// - Parameters:
    ///   - body: the body of the response.
    ///   - count: the number of ids in the request.
    /// - Returns: the response; a user with a duplicate key has no status in it.
    /// - Throws: `ViberError.invalidResponse` if the body is not a JSON object with one integer `status` and one
    ///   `users`, or has far more values than `count` users have.
    static func decode(_ body: [UInt8], ids count: Int) throws(ViberError) -> GetOnlineResponse {
        guard !isTooLong(body, ids: count) else {
            throw .invalidResponse(
                "the body is not the JSON of get_online: it has far more values than \(count) ids have")
        }
        let text = UTF8Document.bytes(of: body)
        guard
            var response = try? JSONDecoder().decode(GetOnlineResponse.self, from: Data(WholeNumbers.exact(in: text)))
        else {
            throw .invalidResponse("the body is not the JSON of get_online (\(body.count) bytes)")
        }
        guard !DuplicateStatusCheck.isAmbiguous(in: text) else { throw .ambiguousStatus }
        let duplicates = DuplicateKeys(in: text)
        guard !duplicates.hasUsersTwice else { throw .invalidResponse("the body has two keys 'users'") }
        for index in duplicates.users { response.users?[index].status = nil }
        for index in duplicates.ids { response.users?[index].id = nil }
        return response
    }

    /// The maximum number of users to read from the response to a request for `count` ids.
    static func maxUsers(for count: Int) -> Int { 100 + count * 10 }

    /// Whether a body has more values than any response for `count` ids: a decoder would take seconds for them.
    ///
    /// A response has about five per user. Measured: 64 responses of 5,000 values delayed a stop by 5 s on a busy
    /// machine.
    private static func isTooLong(_ body: [UInt8], ids count: Int) -> Bool {
        var parts = 0
        var objects = 0
        for byte in body {
            switch byte {
            case UInt8(ascii: "{"): objects += 1
            case UInt8(ascii: ","), UInt8(ascii: "["): parts += 1
            default: break
            }
        }
        return parts + objects > 5_000 || objects > maxUsers(for: count)
    }

    private enum Key: String, CodingKey {
        case status, users
        case statusMessage = "status_message"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        guard let status = fields.integer(.status), let number = Int(exactly: status) else {
            throw DecodingError.dataCorruptedError(forKey: .status, in: fields, debugDescription: "not an integer")
        }
        self.status = number
        statusMessage = (try? fields.decode(String.self, forKey: .statusMessage)) ?? ""
        users = try fields.decodeIfPresent([User].self, forKey: .users)
    }

    /// One entry of `users`. Decoding it never fails: missing or invalid fields are nil.
    struct User: Decodable {
        var id: String?
        var status: Int64?
        var message: String?
        var lastOnline: Int64?

        private enum Key: String, CodingKey {
            case id
            case status = "online_status"
            case message = "online_status_message"
            case lastOnline = "last_online"
        }

        init(from decoder: any Decoder) throws {
            guard let fields = try? decoder.container(keyedBy: Key.self) else { return }
            id = try? fields.decode(String.self, forKey: .id)
            status = fields.integer(.status)
            message = try? fields.decode(String.self, forKey: .message)
            lastOnline = fields.integer(.lastOnline).flatMap { $0 > 0 ? $0 : nil }
        }
    }

    /// The users that have an id, in the order of the response.
    ///
    /// - Parameter time: when the response was received.
    /// - Returns: the reply.
    func reply(at time: Timestamp) -> BatchReply {
        let known: [BatchReply.User] = (users ?? []).compactMap { user in
            guard let id = user.id else { return nil }
            let status = user.status.map(OnlineStatus.init(rawValue:))
            let differs = status.map { $0.isDocumented && user.message ?? $0.name != $0.name } ?? false
            return BatchReply.User(
                id: Array(id.utf8)[...], status: status, lastOnline: user.lastOnline, messageDiffers: differs)
        }
        return BatchReply(users: known, receivedAt: time)
    }
}

extension KeyedDecodingContainer {
    /// A 64-bit integer, sent as a number or as a decimal string; nil for anything else.
    fileprivate func integer(_ key: Key) -> Int64? {
        if let number = try? decode(Int64.self, forKey: key) { return number }
        guard let text = try? decode(String.self, forKey: key) else { return nil }
        return Int64(text)
    }
}
