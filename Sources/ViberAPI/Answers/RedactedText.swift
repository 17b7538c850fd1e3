/// Text that a server sent, made fit to be shown: the token cut out, control characters escaped, and not much of it.
struct RedactedText {
    private let token: AuthToken

    /// Bytes of a token, each written as an escape.
    private static let longestForm = AuthToken.limit * 8

    init(hiding token: AuthToken) { self.token = token }

    func sanitized(_ text: String) -> String { sanitized(Array(text.utf8), limit: 200) }

    /// `limit`: the most bytes that are shown.
    func sanitized(_ text: [UInt8], limit: Int) -> String {
        // Redacted before it is cut. Of a long text only the beginning is redacted, and its end, which may hold half a token,
        // is dropped.
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
