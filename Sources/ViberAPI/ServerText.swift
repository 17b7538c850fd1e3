/// Text that a server sent, made fit to be shown: the token cut out, at most 200 bytes, control characters escaped.
struct ServerText {
    private let token: AuthToken

    init(hiding token: AuthToken) { self.token = token }

    func shown(_ text: String) -> String {
        // Cut after redacting: a token cut in two would pass.
        var out = ""
        for scalar in String(decoding: token.redacting(Array(text.utf8)), as: UTF8.self).unicodeScalars {
            let piece = Self.shown(scalar)
            guard out.utf8.count + piece.utf8.count <= Self.limit else { return out + "…" }
            out += piece
        }
        return out
    }

    /// Bytes.
    private static let limit = 200

    private static func shown(_ scalar: Unicode.Scalar) -> String {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
            "\\u{" + String(scalar.value, radix: 16) + "}"
        default: String(Character(scalar))
        }
    }
}
