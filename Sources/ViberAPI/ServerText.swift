/// Text that a server sent, made fit to be shown: the token cut out, at most 200 bytes, control characters escaped.
struct ServerText {
    private let token: AuthToken

    init(hiding token: AuthToken) { self.token = token }

    func shown(_ text: String) -> String {
        // Cut after redacting: a token cut in two would pass.
        let bytes = token.redacting(Array(text.utf8))
        var out = ""
        for scalar in String(decoding: bytes.prefix(200), as: UTF8.self).unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
                out += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return bytes.count > 200 ? out + "…" : out
    }
}
