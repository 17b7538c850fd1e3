/// What a source row holds in the id column, before it is judged.
enum SourceCell {
    case text(ArraySlice<UInt8>)
    /// A row that cannot hold an id, with what it has in its place.
    case unusable(RejectionReason, ArraySlice<UInt8>)
}

/// Why a source row yields no id to ask for.
package enum RejectionReason: String, Sendable, CaseIterable {
    case blank
    case null
    case notText = "not_text"
    case badUTF8 = "bad_utf8"
    case controlCharacter = "control_char"
    case idTooLong = "id_too_long"
    case missingField = "missing_field"
    case badQuoting = "bad_quoting"
    case lineTooLong = "line_too_long"
}

/// A source row that yields no id.
package struct Rejection: Sendable, Equatable {
    /// The first physical line of the record; for SQLite the row's number.
    package var line: Int
    package var reason: RejectionReason
    /// The cell's bytes, as they are.
    package var value: [UInt8]
}

extension RejectionReason {
    /// Judges an id without its surrounding blanks; nil if it is one.
    ///
    /// Ids are opaque: nothing is asked of them but that they are text on one line. Length 24 or valid base64 is not;
    /// the API's own documentation has ids with neither.
    init?(judging id: ArraySlice<UInt8>) {
        if id.isEmpty {
            self = .blank
        } else if id.count > Self.idLimit {
            self = .idTooLong
        } else if Self.isPlain(id) {
            return nil
        } else if (try? UTF8Span(validating: id.span)) == nil {
            self = .badUTF8
        } else if Self.holdsControlCharacter(id) {
            self = .controlCharacter
        } else {
            return nil
        }
    }

    /// Bytes.
    private static let idLimit = 128

    /// Whether all of it is printable ASCII, as nearly every id is.
    private static func isPlain(_ id: ArraySlice<UInt8>) -> Bool {
        unsafe id.withUnsafeBytes { bytes in
            var largest: UInt8 = 0
            // No early end, so that the compiler looks at many bytes at once.
            for index in 0..<bytes.count { unsafe largest = max(largest, bytes[index] &- 0x20) }
            return largest < 0x5F
        }
    }

    /// C0, DEL, and C1 in its UTF-8 form.
    private static func holdsControlCharacter(_ id: ArraySlice<UInt8>) -> Bool {
        var previous: UInt8 = 0
        for byte in id {
            if byte < 0x20 || byte == 0x7F || (previous == 0xC2 && byte < 0xA0) { return true }
            previous = byte
        }
        return false
    }
}
