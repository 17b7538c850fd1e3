import Formats
import Foundation
package import Model

/// The body of a `get_account_info` response: its status, and all other fields as they were sent.
///
/// Fields: Viber REST API, "Retrieve Your Application Info". Every field but `id` and `name` was absent from some
/// recorded response, and absent is not zero.
struct AccountResponse {
    var status: Int
    var statusMessage: String
    var account: Account

    static let path = "/pa/get_account_info"

    /// The maximum nesting of objects and arrays. Real accounts have three levels; readers of snapshots accept some
    /// hundred.
    private static let depthLimit = 16

    /// - Parameters:
    ///   - body: the body of the response.
    ///   - token: redacted wherever the server repeats it, in any form.
    ///   - keepWebhook: whether to keep the webhook's whole URL, which may contain a secret, or only scheme, host and
    ///     port.
    /// - Returns: the account, without the token.
    /// - Throws: `ViberError.invalidResponse` if the body is not a JSON object with one integer `status`, or is nested
    ///   deeper than any account.
    static func decode(
        _ body: [UInt8], hiding token: AuthToken, keepWebhook: Bool
    ) throws(ViberError) -> AccountResponse {
        let literals = JSONLiterals(of: body)
        guard literals.maxDepth <= depthLimit else {
            throw .invalidResponse("the account is nested deeper than \(depthLimit) levels")
        }
        let body = literals.replacing { token.redacting($0) }
        // The fields are passed on unchanged, so all of them must be valid JSON, not only those that are decoded.
        guard (try? UTF8Span(validating: body.span)) != nil,
            (try? JSONSerialization.jsonObject(with: Data(body))) != nil,
            let head = try? JSONDecoder().decode(GetOnlineResponse.self, from: Data(WholeNumbers.exact(in: body))),
            let members = JSONMember.allMembers(of: body)
        else { throw .invalidResponse("the body is not the JSON of get_account_info (\(body.count) bytes)") }
        guard !DuplicateStatusCheck.isAmbiguous(in: body) else { throw .ambiguousStatus }
        guard members.count(where: { $0.name == "id" }) < 2 else {
            throw .invalidResponse("the body has two keys 'id'")
        }
        let kept = members.removingDuplicateNames.filter { $0.name != "status" && $0.name != "status_message" }
        let account = Account(fields: kept)
        return AccountResponse(
            status: head.status, statusMessage: head.statusMessage,
            account: keepWebhook ? account : account.redactingWebhook())
    }
}

extension Account {
    /// The account with only scheme, host and port of its webhook: users put tokens into webhook paths, and the host is
    /// enough to know where callbacks go.
    package func redactingWebhook() -> Account {
        Account(
            fields: fields.map { field in
                guard field.name == "webhook", let url = field.string, !url.isEmpty else { return field }
                var writer = JSONWriter()
                writer.string(Self.origin(of: url))
                return JSONMember(name: field.name, json: writer.bytes)
            })
    }

    private static func origin(of url: String) -> String {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme, let host = parts.encodedHost else {
            return ""
        }
        return scheme + "://" + host + (parts.port.map { ":\($0)" } ?? "")
    }
}
