import Formats
import Foundation
package import Model

/// The body of a `get_account_info` answer: its status, and all other fields as they came.
///
/// Fields: Viber REST API, "Retrieve Your Application Info". Every one but `id` and `name` was absent from some recorded
/// answer, and absent is not zero.
struct AccountResponse {
    var status: Int
    var statusMessage: String
    var account: Account

    static let path = "/pa/get_account_info"

    /// Levels of objects and arrays. Real ones have three; readers of snapshots take some hundred.
    private static let depthLimit = 16

    /// - Parameters:
    ///   - body: of the answer.
    ///   - token: is cut out wherever the server repeats it, in whatever form.
    ///   - keepWebhook: the webhook's whole URL, which may hold a secret; else scheme, host and port of it.
    /// - Returns: the account, without the token.
    /// - Throws: `ViberError.invalidResponse` if the body is no JSON object with one whole-number `status`, or is nested deeper than
    ///   any account.
    static func decode(
        _ body: [UInt8], hiding token: AuthToken, keepWebhook: Bool
    ) throws(ViberError) -> AccountResponse {
        let literals = JSONLiterals(of: body)
        guard literals.maxDepth <= depthLimit else {
            throw .invalidResponse("the account is nested deeper than \(depthLimit) levels")
        }
        let body = literals.replacing { token.redacting($0) }
        // The fields are passed on as they came, so all of them have to be JSON, not only those that are looked at.
        guard (try? UTF8Span(validating: body.span)) != nil,
            (try? JSONSerialization.jsonObject(with: Data(body))) != nil,
            let head = try? JSONDecoder().decode(GetOnlineResponse.self, from: Data(WholeNumbers.exact(in: body))),
            let members = JSONField.allMembers(of: body)
        else { throw .invalidResponse("the body is not the JSON of get_account_info (\(body.count) bytes)") }
        guard !DuplicateStatusCheck.isAmbiguous(in: body) else { throw .ambiguousStatus }
        guard members.count(where: { $0.name == "id" }) < 2 else {
            throw .invalidResponse("the body has two keys 'id'")
        }
        let kept = members.firstOfEachName.filter { $0.name != "status" && $0.name != "status_message" }
        let account = Account(fields: kept)
        return AccountResponse(
            status: head.status, statusMessage: head.statusMessage,
            account: keepWebhook ? account : account.redactingWebhook())
    }
}

extension Account {
    /// The account with scheme, host and port of its webhook only: people put tokens into webhook paths, and what stands
    /// before the path is enough to know where callbacks go.
    package func redactingWebhook() -> Account {
        Account(
            fields: fields.map { field in
                guard field.name == "webhook", let url = field.string, !url.isEmpty else { return field }
                var writer = JSONWriter()
                writer.string(Self.origin(of: url))
                return JSONField(name: field.name, json: writer.bytes)
            })
    }

    private static func origin(of url: String) -> String {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme, let host = parts.encodedHost else {
            return ""
        }
        return scheme + "://" + host + (parts.port.map { ":\($0)" } ?? "")
    }
}
