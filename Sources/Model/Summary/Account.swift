package import Formats

/// The bot's account as `get_account_info` sent it, without the call's own status.
///
/// Fields are kept as JSON, in the order they came: absent stays absent, numbers keep their digits, and fields that
/// nobody documented survive.
package struct Account: Sendable, Equatable {
    package var fields: [JSONField]

    package init(fields: [JSONField]) { self.fields = fields }

    package func string(_ name: String) -> String? { field(name)?.string }

    /// The bot's id, `pa:` and digits. A string: the documentation's own example does not fit 64 bits.
    package var id: String? { string("id") }
    package var name: String? { string("name") }
    /// Viber's own count of subscribers; absent is not zero.
    package var subscribersCount: Int? { field("subscribers_count")?.integer }

    /// The account as a JSON object.
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        for field in fields {
            json.key(field.name)
            json.raw(field.json)
        }
        json.endObject()
    }

    private func field(_ name: String) -> JSONField? { fields.first { $0.name == name } }
}
