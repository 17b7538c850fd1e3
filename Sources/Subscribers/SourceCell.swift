/// The content of a source row's id column, before validation.
enum SourceCell {
    case text(ArraySlice<UInt8>)
    /// A number of a database, as text.
    case number(ArraySlice<UInt8>)
    /// A BLOB of a database; empty if it is longer than any id.
    case blob(ArraySlice<UInt8>)
    /// A row without an id, with what its cell contains.
    case unusable(RejectionReason, ArraySlice<UInt8>)
}

/// The text that MySQL, phpMyAdmin and others export for a database null.
enum NullMarker {
    /// Whether a cell is `NULL`, in any case, or `\N`.
    static func matches(_ cell: ArraySlice<UInt8>) -> Bool {
        if cell.count == 2 { return cell.elementsEqual("\\N".utf8) }
        return cell.count == 4 && cell.lazy.map { $0 | 0x20 }.elementsEqual("null".utf8)
    }
}
