import Formats
import Journal
import Model

/// Checks ids in snapshots. Only ids that a run accepts are valid, since ids may be printed or written to files.
enum SnapshotID {
    /// Whether a run could have accepted an id.
    static func isAcceptable(_ id: ArraySlice<UInt8>) -> Bool {
        guard !id.isEmpty, id.count <= SpoolFile.idLimit else { return false }
        return PlainText.isPrintableASCII(id)
            || (try? UTF8Span(validating: id.span)) != nil && !PlainText.hasControlCharacter(id)
    }

    /// The error for a row with an invalid id.
    static func damage(_ file: String, row: Int) -> DamagedSnapshot {
        DamagedSnapshot("\(file): the id of row \(row) is not valid")
    }
}
