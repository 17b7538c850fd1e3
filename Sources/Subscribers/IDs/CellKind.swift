/// What a cell of a column seems to contain. Messages name kinds, never cells, because cells may be personal data.
enum CellKind: Int, CaseIterable, Sendable {
    case viberID
    case joinedIDs
    case wholeNumber
    case phoneNumber
    case uuid
    case emailAddress
    case accountID
    case quoted
    case percentEncoded
    case delimited
    case spaced
    case blob
    case otherText

    /// - Parameter cell: text without its surrounding blanks, not empty.
    init(_ cell: ArraySlice<UInt8>) { self.init(cell, IDForm(cell)) }

    /// Classifies a cell whose form is known.
    init(_ cell: ArraySlice<UInt8>, _ form: IDForm) {
        if form.hasForm {
            self = form.isPaddedAtEnd ? .viberID : .joinedIDs
        } else {
            self = Self.kindWithoutForm(cell)
        }
    }

    /// Whether a cell contains what no header contains: an id of 16 bytes, a phone number, an e-mail address or a UUID.
    static func occursOnlyInRows(_ cell: ArraySlice<UInt8>) -> Bool {
        guard !cell.isEmpty else { return false }
        let form = IDForm(cell)
        if form.isOfSixteenBytes { return true }
        return [.phoneNumber, .emailAddress, .uuid].contains(CellKind(cell, form))
    }

    private static func kindWithoutForm(_ cell: ArraySlice<UInt8>) -> CellKind {
        if cell.starts(with: "pa:".utf8) { return .accountID }
        let digits = cell.count { isDigit($0) }
        let unsigned = cell.first == UInt8(ascii: "-") ? cell.dropFirst() : cell
        if cell.count == digits, (7...15).contains(digits) { return .phoneNumber }
        if unsigned.count == digits, digits > 0 { return .wholeNumber }
        if isUUID(cell) { return .uuid }
        if (7...15).contains(digits), cell.allSatisfy({ isDigit($0) || " ()-.+/".utf8.contains($0) }) {
            return .phoneNumber
        }
        if isQuoted(cell) { return .quoted }
        if isEmailAddress(cell) { return .emailAddress }
        if isPercentEncoded(cell) { return .percentEncoded }
        if cell.contains(where: { ",;|:\t".utf8.contains($0) }) { return .delimited }
        return cell.contains(0x20) ? .spaced : .otherText
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    private static func isHexDigit(_ byte: UInt8) -> Bool { isDigit(byte) || (byte | 0x20) &- 0x61 < 6 }

    /// 32 hexadecimal digits, with or without hyphens and braces.
    private static func isUUID(_ cell: ArraySlice<UInt8>) -> Bool {
        let bare = cell.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "{") && $0 != UInt8(ascii: "}") }
        return bare.count == 32 && bare.allSatisfy(isHexDigit) && (cell.count == 32 || cell.count >= 36)
    }

    /// A quote or an apostrophe at one end, `b'…'` as Python writes bytes, or `="…"` as it keeps text from Excel.
    private static func isQuoted(_ cell: ArraySlice<UInt8>) -> Bool {
        quotes.contains { cell.starts(with: $0) || (cell.count >= $0.count && cell.suffix($0.count).elementsEqual($0)) }
            || cell.starts(with: "b'".utf8) || cell.starts(with: "=\"".utf8) || cell.starts(with: "='".utf8)
    }

    private static let quotes: [[UInt8]] = ["'", "\"", "`", "´", "‘", "’", "‚", "“", "”", "„", "«", "»", "′", "″"]
        .map { Array($0.utf8) }

    private static func isEmailAddress(_ cell: ArraySlice<UInt8>) -> Bool {
        let parts = cell.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty && parts[1].dropFirst().dropLast().contains(UInt8(ascii: "."))
            && !cell.contains(0x20)
    }

    private static func isPercentEncoded(_ cell: ArraySlice<UInt8>) -> Bool {
        cell.indices.contains { index in
            cell[index] == UInt8(ascii: "%") && cell.endIndex - index > 2 && isHexDigit(cell[index + 1])
                && isHexDigit(cell[index + 2])
        }
    }
}

extension CellKind {
    /// The kind in the plural, as in "the column holds whole numbers".
    var plural: String {
        switch self {
        case .viberID: "Viber ids"
        case .joinedIDs: "ids joined without a line end between them"
        case .wholeNumber: "whole numbers"
        case .phoneNumber: "phone numbers"
        case .uuid: "UUIDs"
        case .emailAddress: "e-mail addresses"
        case .accountID: "account ids (pa:…)"
        case .quoted: "cells with quotes or an apostrophe around them"
        case .percentEncoded: "percent-encoded text"
        case .delimited: "cells with a delimiter inside"
        case .spaced: "text with blanks"
        case .blob: "BLOBs"
        case .otherText: "other text"
        }
    }
}
