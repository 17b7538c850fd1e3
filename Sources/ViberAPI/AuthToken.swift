/// The bot's authentication token: a value that cannot be printed.
///
/// Descriptions, mirrors and dumps show `<token>`; it is not `Codable`. Only the request that carries it reads it.
package struct AuthToken: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    let value: String

    /// Why a text is no token. Tells where, never what.
    package enum ParseError: Error, Sendable, Equatable, CustomStringConvertible {
        case empty
        case tooLong
        /// Place of the byte, from 1.
        case badCharacter(at: Int)

        package var description: String {
            switch self {
            case .empty: "it is empty"
            case .tooLong: "it is longer than 4096 bytes"
            case .badCharacter(let place):
                "it has a character at byte \(place) that no token has (a blank, a line end, or not ASCII)"
            }
        }
    }

    /// The most bytes of a token; Viber's have 50.
    package static let limit = 4_096

    /// `bytes`: the token, with or without one line end behind it, as `echo` leaves one.
    package init(_ bytes: some Collection<UInt8>) throws(ParseError) {
        var text = Array(bytes)
        if text.last == 0x0A { text.removeLast() }
        if text.last == 0x0D { text.removeLast() }
        guard !text.isEmpty else { throw .empty }
        guard text.count <= Self.limit else { throw .tooLong }
        if let place = text.firstIndex(where: { $0 <= 0x20 || $0 >= 0x7F }) { throw .badCharacter(at: place + 1) }
        value = String(decoding: text, as: UTF8.self)
    }

    package var description: String { "<token>" }
    package var debugDescription: String { "<token>" }
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}
