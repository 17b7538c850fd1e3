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
    /// Nil if it is blank: a blank id identifies no account.
    package var id: String? {
        guard let id = string("id"),
            id.unicodeScalars.contains(where: { !$0.properties.isWhitespace && $0.value > 0x1F })
        else { return nil }
        return id
    }

    /// Whether an id is another account's. A `String` would take two ids that differ in Unicode normalisation for one.
    package static func isSame(_ id: String, as other: String) -> Bool { id.utf8.elementsEqual(other.utf8) }
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
