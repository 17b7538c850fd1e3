import HTTP

extension HTTPResponse {
    /// Whether a body that is no answer of the API looks like a page for people.
    ///
    /// What begins as an object is meant as JSON whatever its type says: PHP calls everything `text/html`.
    var isWebPage: Bool {
        guard let first = body.first(where: { $0 > 0x20 }) else { return false }
        return first == UInt8(ascii: "<") || first != UInt8(ascii: "{") && type.lowercased().hasPrefix("text/html")
    }
}
