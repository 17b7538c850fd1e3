import Formats
import Journal

/// The reason a source row yields no id.
package enum RejectionReason: String, Sendable, CaseIterable {
    case blank
    case null
    case notText = "not_text"
    case badUTF8 = "bad_utf8"
    case controlCharacter = "control_char"
    case idTooLong = "id_too_long"
    case missingField = "missing_field"
    case badQuoting = "bad_quoting"
    case repeatedHeader = "repeated_header"
}

/// A source row that yields no id, or several consecutive ones with the same reason and no value.
package struct Rejection: Sendable, Equatable {
    /// The first physical line of the first record; for SQLite the row number, from 1.
    package var line: Int
    package var reason: RejectionReason
    /// The beginning of the cell, unchanged.
    package var value: [UInt8]
    /// The number of rows.
    package var rows = 1

    package init(line: Int, reason: RejectionReason, value: [UInt8], rows: Int = 1) {
        self.line = line
        self.reason = reason
        self.value = value
        self.rows = rows
    }

    /// Maximum bytes kept of a cell.
    static let valueLimit = 200
}

extension RejectionReason {
    /// Validates an id without its surrounding blanks; nil if it is valid.
    ///
    /// Ids are opaque: any text on one line is valid. Length 24 or base64 is not required; the API's own documentation
    /// has ids with neither.
    init?(validating id: ArraySlice<UInt8>) {
        if id.isEmpty {
            self = .blank
        } else if id.count > SpoolFile.idLimit {
            self = .idTooLong
        } else if PlainText.isPrintableASCII(id) {
            return nil
        } else if (try? UTF8Span(validating: id.span)) == nil {
            self = .badUTF8
        } else if PlainText.hasControlCharacter(id) {
            self = .controlCharacter
        } else {
            return nil
        }
    }
}
