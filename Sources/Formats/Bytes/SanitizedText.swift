/// External text, made safe for a terminal, a log or a mail: control characters and line ends are escaped.
package struct SanitizedText: Sendable, CustomStringConvertible {
    package let description: String

    /// Escapes control characters and line ends.
    ///
    /// - Parameter text: text of any origin.
    package init(_ text: String) { self.init(text, keepingLines: false) }

    /// Escapes control characters but keeps line ends: for text whose parts were sanitized before.
    package init(lines text: String) { self.init(text, keepingLines: true) }

    private init(_ text: String, keepingLines: Bool) {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control where keepingLines && scalar == "\n": out.unicodeScalars.append(scalar)
            case .privateUse where (0x10_F780...0x10_F7FF).contains(scalar.value):
                // A byte of a path that is not UTF-8 (`FilePaths`).
                out += "\\x" + String(scalar.value - 0x10_F700, radix: 16, uppercase: true)
            case .control, .format, .lineSeparator, .paragraphSeparator:
                out += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: out.unicodeScalars.append(scalar)
            }
        }
        description = out
    }
}
