import Foundation
import Model

/// The bodies of the sandbox's responses.
enum SandboxBodies {
    static func error(_ status: Int, _ message: String) -> JSONObject {
        JSONObject(fields: [("status", String(status)), ("status_message", JSONObject.quoted(message))])
    }

    /// One user of a `get_online` response.
    struct User {
        var id: String
        var status: OnlineStatus
        var lastOnline: Int64?

        var json: JSONObject {
            var fields = [
                ("id", JSONObject.quoted(id)), ("online_status", String(status.rawValue)),
                ("online_status_message", "\"\(status.name)\""),
            ]
            if let lastOnline { fields.append(("last_online", String(lastOnline))) }
            return JSONObject(fields: fields)
        }
    }

    /// - Parameter users: JSON texts.
    /// - Returns: the body of a good `get_online` response.
    static func online(_ users: [String]) -> JSONObject {
        var response = error(0, "ok")
        response["users"] = "[" + users.joined(separator: ",") + "]"
        return response
    }

    /// The ids of a `get_online` request; nil if there is no key `ids`, empty if it is not a list of strings.
    static func ids(of body: [UInt8]) -> [String]? {
        struct Request: Decodable {
            private(set) var ids: [String]?
            enum Key: CodingKey { case ids }
            init(from decoder: any Decoder) throws {
                let fields = try decoder.container(keyedBy: Key.self)
                if fields.contains(.ids) { ids = (try? fields.decode([String].self, forKey: .ids)) ?? [] }
            }
        }
        guard let request = try? JSONDecoder().decode(Request.self, from: Data(body)) else { return [] }
        return request.ids
    }

    /// All documented fields of `get_account_info`, and the undocumented ones of recorded responses.
    static func account(subscribers: Int) -> JSONObject {
        JSONObject(fields: [
            ("status", "0"), ("status_message", #""ok""#), ("id", #""pa:75346594275468546724""#),
            ("name", #""Sandbox""#), ("uri", #""sandbox""#), ("icon", #""https://sandbox.example/icon.jpg""#),
            ("background", #""https://sandbox.example/background.jpg""#), ("category", #""Local Businesses""#),
            ("subcategory", #""Pet Shop""#), ("location", #"{"lon":30.5234,"lat":50.4501}"#), ("country", #""UA""#),
            ("webhook", #""https://sandbox.example:8443/viber/5ec2e7""#),
            ("event_types", #"["delivered","seen","subscribed","unsubscribed","conversation_started"]"#),
            ("subscribers_count", String(subscribers)),
            (
                "members",
                #"[{"id":"01234567890A=","name":"Owner","avatar":"https://sandbox.example/owner.jpg","#
                    + #""role":"superadmin"}]"#
            ),
            ("chat_hostname", #""SN-CHAT-01_""#), ("chat_flags", "[]"),
        ])
    }
}
