import Formats
import Foundation
import Model

/// The body of a `get_account_info` answer: its status, and all other fields as they came.
///
/// Fields: Viber REST API, "Retrieve Your Application Info". Every one but `id` and `name` was absent from some recorded
/// answer, and absent is not zero.
struct AccountResponse {
    var status: Int
    var statusMessage: String
    var account: Account

    static let path = "/pa/get_account_info"

    /// `keepWebhook`: the webhook's whole URL, which may hold a secret; else scheme, host and port of it.
    /// Throws `ViberError.unusable` if the body is no JSON object with one whole-number `status`.
    static func decode(_ body: [UInt8], keepWebhook: Bool) throws(ViberError) -> AccountResponse {
        // The fields are passed on as they came, so all of them have to be JSON, not only those that are looked at.
        guard (try? UTF8Span(validating: body.span)) != nil,
            (try? JSONSerialization.jsonObject(with: Data(body))) != nil,
            let head = try? JSONDecoder().decode(OnlineResponse.self, from: Data(WholeNumbers.exact(in: body))),
            let fields = JSONField.members(of: body)
        else { throw .unusable("the body is not the JSON of get_account_info (\(body.count) bytes)") }
        guard !StatusKey.isAmbiguous(in: body) else { throw .ambiguousStatus }
        let kept = fields.filter { $0.name != "status" && $0.name != "status_message" }.map { field in
            field.name == "webhook" && !keepWebhook ? cutWebhook(field) : field
        }
        return AccountResponse(status: head.status, statusMessage: head.statusMessage, account: Account(fields: kept))
    }

    /// People put tokens into webhook paths; what stands before the path is enough to know where callbacks go.
    private static func cutWebhook(_ field: JSONField) -> JSONField {
        guard let url = field.string, !url.isEmpty else { return field }
        var writer = JSONWriter()
        writer.string(origin(of: url))
        return JSONField(name: field.name, json: writer.bytes)
    }

    private static func origin(of url: String) -> String {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme, let host = parts.encodedHost else {
            return ""
        }
        return scheme + "://" + host + (parts.port.map { ":\($0)" } ?? "")
    }
}
