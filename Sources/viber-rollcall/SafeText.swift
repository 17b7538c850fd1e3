/// Text from outside made fit for a terminal, a log or a mail: one line, control characters escaped.
struct SafeText: CustomStringConvertible {
    let description: String

    init(_ text: String) {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                out += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: out.unicodeScalars.append(scalar)
            }
        }
        description = out
    }
}
