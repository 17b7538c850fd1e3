import Mustache

/// Escapes text for HTML and for attributes in quotes, scalar by scalar.
///
/// Mustache's own escaping goes by characters, and a quote with a combining mark behind it is another character than a
/// quote: a name could close the attribute it stands in.
struct PageText: MustacheContentType {
    /// As the template asks for it.
    static let name = "page"

    func escapeText(_ text: String) -> String { Self.escaped(text) }

    static func escaped(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": out.append(contentsOf: "&lt;".unicodeScalars)
            case ">": out.append(contentsOf: "&gt;".unicodeScalars)
            case "&": out.append(contentsOf: "&amp;".unicodeScalars)
            case "\"": out.append(contentsOf: "&quot;".unicodeScalars)
            case "'": out.append(contentsOf: "&#39;".unicodeScalars)
            case "\n": out.append(scalar)
            // HTML has no control characters, not even as references.
            case _ where scalar.properties.generalCategory == .control: out.append("\u{FFFD}")
            default: out.append(scalar)
            }
        }
        return String(out)
    }
}
