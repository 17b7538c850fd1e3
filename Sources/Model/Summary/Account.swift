package import Formats

/// The bot's account from `get_account_info`, without the status of the call.
///
/// Fields are kept as JSON in their original order: missing fields stay missing, numbers keep their digits, and
/// undocumented fields are kept.
package struct Account: Sendable, Equatable {
    package var fields: [JSONMember]

    package init(fields: [JSONMember]) { self.fields = fields }

    package func string(_ name: String) -> String? { field(name)?.string }

    /// The bot's id, `pa:` and digits. A string, since the example in the documentation does not fit 64 bits. Nil if it
    /// is blank, since a blank id identifies no account.
    package var id: String? {
        guard let id = string("id"),
            id.unicodeScalars.contains(where: { !$0.properties.isWhitespace && $0.value > 0x1F })
        else { return nil }
        return id
    }

    /// Whether two account ids are equal, byte by byte. `String` would treat ids that differ only in Unicode
    /// normalisation as equal.
    package static func isSame(_ id: String, as other: String) -> Bool { id.utf8.elementsEqual(other.utf8) }
    package var name: String? { string("name") }
    /// Viber's own count of subscribers; nil if missing, which is not zero.
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

    private func field(_ name: String) -> JSONMember? { fields.first { $0.name == name } }
}
