import Mustache

/// Escapes text for HTML and for attributes in quotes, scalar by scalar.
///
/// Mustache's own escaping works on characters, and a quote with a combining mark after it is not the character `"`: a
/// name could close the attribute that contains it.
struct HTMLEscaping: MustacheContentType {
    /// The name of the content type in the template.
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
            // HTML allows no control characters, not even as references.
            case _ where scalar.properties.generalCategory == .control: out.append("\u{FFFD}")
            default: out.append(scalar)
            }
        }
        return String(out)
    }
}
