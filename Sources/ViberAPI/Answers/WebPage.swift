import HTTP

extension HTTPResponse {
    /// Whether a body that is not a response of the API looks like a web page.
    ///
    /// A body that starts with `{` counts as JSON whatever its content type is: PHP labels everything `text/html`.
    var isWebPage: Bool {
        guard let first = body.first(where: { $0 > 0x20 }) else { return false }
        return first == UInt8(ascii: "<") || first != UInt8(ascii: "{") && type.lowercased().hasPrefix("text/html")
    }
}
