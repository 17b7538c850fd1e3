/// What a source row contains in the id column, before it is validated.
enum SourceCell {
    case text(ArraySlice<UInt8>)
    /// A number of a database, as text.
    case number(ArraySlice<UInt8>)
    /// Bytes of a database that are not text; the beginning of them.
    case blob(ArraySlice<UInt8>)
    /// A row that cannot contain an id, with what it has in its place.
    case unusable(RejectionReason, ArraySlice<UInt8>)
}

/// How the null of a database is written as text, by MySQL, phpMyAdmin and others.
enum NullMarker {
    /// Whether a cell is `NULL`, in any case, or `\N`.
    static func matches(_ cell: ArraySlice<UInt8>) -> Bool {
        if cell.count == 2 { return cell.elementsEqual("\\N".utf8) }
        return cell.count == 4 && cell.lazy.map { $0 | 0x20 }.elementsEqual("null".utf8)
    }
}
