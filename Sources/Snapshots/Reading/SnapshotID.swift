import Formats
import Journal
import Model

/// Ids as they stand in snapshots: those that a run accepts, since all that is read may be printed or written down again.
enum SnapshotID {
    /// Whether a run could have accepted an id.
    static func isAcceptable(_ id: ArraySlice<UInt8>) -> Bool {
        guard !id.isEmpty, id.count <= SpoolFile.idLimit else { return false }
        return PlainText.isPrintableASCII(id)
            || (try? UTF8Span(validating: id.span)) != nil && !PlainText.hasControlCharacter(id)
    }

    /// - Returns: the error for a row whose id is none.
    static func damage(_ file: String, row: Int) -> DamagedSnapshot {
        DamagedSnapshot("\(file): the id of row \(row) is none that a run accepts")
    }
}
