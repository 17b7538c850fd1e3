import Foundation
import Model

/// The body of a `get_online` answer.
///
/// Fields: Viber REST API, "Subscribers Status"; `last_online` is undocumented and in every recorded answer. Fields that
/// nobody knows are passed over, and one user that cannot be read never costs the other 99.
struct GetOnlineResponse: Decodable {
    var status: Int
    var statusMessage: String
    /// Nil when the key is missing or null.
    var users: [User]?

    /// - Parameters:
    ///   - body: of the answer.
    ///   - count: how many ids were asked for.
    /// - Returns: the answer; a user that says anything twice has no status in it.
    /// - Throws: `ViberError.invalidResponse` if the body is no JSON object with one whole-number `status` and one `users`, or has far
    ///   more values than so many ids have.
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
        for position in duplicates.users { response.users?[position].status = nil }
        for position in duplicates.ids { response.users?[position].id = nil }
        return response
    }

    /// The most users that are read of an answer, some times as many as were asked for.
    static func maxUsers(for count: Int) -> Int { 100 + count * 10 }

    /// Whether a body has more parts than any answer for so many ids: a decoder would take seconds for them.
    ///
    /// An answer has about five for each user. Measured: 64 answers of 5,000 parts held up a stop for 5 s on a busy machine.
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
            throw DecodingError.dataCorruptedError(forKey: .status, in: fields, debugDescription: "no whole number")
        }
        self.status = number
        statusMessage = (try? fields.decode(String.self, forKey: .statusMessage)) ?? ""
        users = try fields.decodeIfPresent([User].self, forKey: .users)
    }

    /// One entry of `users`. Reading it never fails: what it lacks is nil.
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

    /// The users with an id, in the order they came.
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
    /// A whole number of 64 bits, sent as one or as a decimal string; nil for anything else.
    fileprivate func integer(_ key: Key) -> Int64? {
        if let number = try? decode(Int64.self, forKey: key) { return number }
        guard let text = try? decode(String.self, forKey: key) else { return nil }
        return Int64(text)
    }
}
