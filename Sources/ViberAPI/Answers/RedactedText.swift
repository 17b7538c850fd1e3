/// Sanitizes text from a server for printing: redacts the token, escapes control characters and limits the length.
struct RedactedText {
    private let token: AuthToken

    /// The maximum length in bytes of a token whose every byte is escaped.
    private static let longestForm = AuthToken.limit * 8

    init(hiding token: AuthToken) { self.token = token }

    func sanitized(_ text: String) -> String { sanitized(Array(text.utf8), limit: 200) }

    /// - Parameters:
    ///   - text: any bytes.
    ///   - limit: the maximum length of the result in bytes, without the `…` of a shortened text.
    /// - Returns: printable text without the token.
    func sanitized(_ text: [UInt8], limit: Int) -> String {
        // The token is redacted before the text is shortened. Only the start of a long text is processed, and the end
        // of that part, which may contain half a token, is discarded.
        let start = text.prefix(min(limit, Int.max - Self.longestForm) + Self.longestForm)
        var redacted = token.redacting(Array(start))
        let isCut = start.count < text.count
        if isCut { redacted.removeLast(min(Self.longestForm, redacted.count)) }
        var out = ""
        for scalar in String(decoding: redacted, as: UTF8.self).unicodeScalars {
            let piece = Self.escaped(scalar)
            guard out.utf8.count + piece.utf8.count <= limit else { return out + "…" }
            out += piece
        }
        return isCut ? out + "…" : out
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
            "\\u{" + String(scalar.value, radix: 16) + "}"
        default: String(Character(scalar))
        }
    }
}
