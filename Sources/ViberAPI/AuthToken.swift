/// The bot's authentication token: a value that cannot be printed.
///
/// Descriptions, mirrors and dumps show `<token>`, and it is not `Codable`. Its value is read only to send and to
/// redact it.
package struct AuthToken: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    let value: String

    /// The reason a text is not a token: with the offset of the bad byte, never the byte itself.
    package enum ParseError: Error, Sendable, Equatable, CustomStringConvertible {
        case empty
        case tooLong
        /// With the offset of the byte, from 1.
        case badCharacter(at: Int)

        package var description: String {
            switch self {
            case .empty: "it is empty"
            case .tooLong: "it is longer than 4096 bytes"
            case .badCharacter(let offset):
                "it has an invalid character at byte \(offset) (a blank, a line end, or not ASCII)"
            }
        }
    }

    /// The maximum length of a token in bytes; Viber's tokens have 50.
    package static let limit = 4_096

    /// - Parameter bytes: the token, with or without one line end, such as `echo` writes.
    /// - Throws: `ParseError`.
    package init(_ bytes: some Collection<UInt8>) throws(ParseError) {
        var text = Array(bytes)
        if text.last == 0x0A { text.removeLast() }
        if text.last == 0x0D { text.removeLast() }
        guard !text.isEmpty else { throw .empty }
        guard text.count <= Self.limit else { throw .tooLong }
        if let index = text.firstIndex(where: { $0 <= 0x20 || $0 >= 0x7F }) { throw .badCharacter(at: index + 1) }
        value = String(decoding: text, as: UTF8.self)
    }

    package var description: String { "<token>" }
    package var debugDescription: String { "<token>" }
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}
