import Foundation

/// Converts JSON documents to UTF-8: decoders also accept UTF-16 and UTF-32, but the byte checks of this module do not.
enum UTF8Document {
    /// - Parameter document: JSON in UTF-8, UTF-16 or UTF-32, with or without a byte order mark.
    /// - Returns: the same document in UTF-8; any other bytes unchanged.
    static func bytes(of document: [UInt8]) -> [UInt8] {
        guard let encoding = encoding(of: document),
            let text = String(bytes: document, encoding: encoding)
        else { return document }
        return Array(text.utf8)
    }

    /// Detects the encoding by the zeros in the first characters, which are ASCII in all JSON (RFC 4627, 3). Nil for
    /// UTF-8.
    private static func encoding(of document: [UInt8]) -> String.Encoding? {
        guard document.count >= 4 else { return nil }
        return switch (document[0], document[1], document[2], document[3]) {
        case (0xFF, 0xFE, 0, 0), (0, 0, 0xFE, 0xFF): .utf32
        case (0xFE, 0xFF, _, _), (0xFF, 0xFE, _, _): .utf16
        case (0, 0, 0, _): .utf32BigEndian
        case (_, 0, 0, 0): .utf32LittleEndian
        case (0, _, _, _): .utf16BigEndian
        case (_, 0, _, _): .utf16LittleEndian
        default: nil
        }
    }
}
