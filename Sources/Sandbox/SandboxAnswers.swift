import Foundation
import Model

/// The bodies that the sandbox sends.
enum SandboxAnswers {
    static func error(_ status: Int, _ message: String) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("status")
        json.integer(status)
        json.key("status_message")
        json.string(message)
        json.endObject()
        return json.bytes
    }

    /// One user of a `get_online` answer.
    struct User {
        var id: String
        var status: OnlineStatus
        var lastOnline: Int64?
        /// Written in place of the status.
        var badStatus: String?
    }

    static func online(_ users: [User]) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("status")
        json.integer(0)
        json.key("status_message")
        json.string("ok")
        json.key("users")
        json.beginArray()
        for user in users {
            json.beginObject()
            json.key("id")
            json.string(user.id)
            json.key("online_status")
            if let badStatus = user.badStatus { json.string(badStatus) } else { json.integer(user.status.rawValue) }
            json.key("online_status_message")
            json.string(user.status.name)
            if let lastOnline = user.lastOnline {
                json.key("last_online")
                json.integer(lastOnline)
            }
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return json.bytes
    }

    /// The ids of a `get_online` request; nil if there is no key `ids`, empty if it is no list of strings.
    static func ids(of body: [UInt8]) -> [String]? {
        struct Request: Decodable { var ids: [String]? }
        struct Keys: Decodable {
            var hasIDs: Bool
            enum Key: CodingKey { case ids }
            init(from decoder: any Decoder) throws { hasIDs = try decoder.container(keyedBy: Key.self).contains(.ids) }
        }
        guard let keys = try? JSONDecoder().decode(Keys.self, from: Data(body)) else { return [] }
        guard keys.hasIDs else { return nil }
        return (try? JSONDecoder().decode(Request.self, from: Data(body)))?.ids ?? []
    }

    /// All documented fields of `get_account_info`, and the undocumented ones of recorded answers.
    static func account(subscribers: Int) -> [UInt8] {
        Array(
            """
            {"status":0,"status_message":"ok","id":"pa:75346594275468546724","name":"Sandbox","uri":"sandbox",\
            "icon":"https://sandbox.example/icon.jpg","background":"https://sandbox.example/background.jpg",\
            "category":"Local Businesses","subcategory":"Pet Shop","location":{"lon":30.5234,"lat":50.4501},\
            "country":"UA","webhook":"https://sandbox.example:8443/viber/5ec2e7","event_types":["delivered","seen",\
            "subscribed","unsubscribed","conversation_started"],"subscribers_count":\(subscribers),"members":[{"id":\
            "01234567890A=","name":"Owner","avatar":"https://sandbox.example/owner.jpg","role":"superadmin"}],\
            "chat_hostname":"SN-CHAT-01_","chat_flags":[]}
            """.utf8)
    }
}
