import Formats

/// A JSON object as names and JSON texts in order, which need not be valid.
struct JSONObject: Sendable {
    var fields: [(name: String, json: String)]

    /// The JSON text of a field; nil if there is none. A new field is appended.
    subscript(name: String) -> String? {
        get { fields.first { $0.name == name }?.json }
        set {
            let index = fields.firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let json?): fields[index].json = json
            case (let index?, nil): fields.remove(at: index)
            case (nil, let json?): fields.append((name, json))
            case (nil, nil): break
            }
        }
    }

    var text: String { "{" + fields.map { "\"\($0.name)\":\($0.json)" }.joined(separator: ",") + "}" }

    /// A JSON string.
    static func quoted(_ text: String) -> String {
        var json = JSONWriter()
        json.string(text)
        return String(decoding: json.bytes, as: UTF8.self)
    }
}
