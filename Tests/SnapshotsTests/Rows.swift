import TestSupport

@testable import Snapshots

extension CSVRows {
    /// A copy of the next row; nil after the last.
    mutating func next() throws -> SnapshotRow? { try advance() ? SnapshotRow(id: Array(id), entry: entry) : nil }
}

extension JSONRows {
    /// A copy of the next row; nil after the last.
    mutating func next() throws -> SnapshotRow? { try advance() ? SnapshotRow(id: Array(id), entry: entry) : nil }
}
