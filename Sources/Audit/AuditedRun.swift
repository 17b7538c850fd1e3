package import Model
package import Snapshots

/// The input of an audit: a run's summary, and its rows, which are read on demand.
package struct AuditedRun: Sendable {
    package let summary: RunSummary
    /// Calls `visit` with every row, in source order.
    package typealias Rows =
        @Sendable (
            _ visit: (_ id: ArraySlice<UInt8>, _ outcome: Outcome) throws -> Void
        ) throws -> Void
    let rows: Rows

    package init(_ summary: RunSummary, rows: @escaping Rows) {
        self.summary = summary
        self.rows = rows
    }

    package init(_ snapshot: SnapshotReader) { self.init(snapshot.summary) { try snapshot.rows($0) } }
}

/// The least and the most ids that may have an outcome, since an id without a definite answer may have any.
package struct Bounds: Sendable, Equatable {
    package var least: Int
    package var most: Int

    package var isExact: Bool { least == most }

    package init(least: Int, most: Int) {
        self.least = least
        self.most = most
    }
}

extension RunSummary {
    /// How many ids may be of a kind: each id without a definite answer may be of any definite kind.
    package func bounds(of kind: OutcomeKind) -> Bounds {
        Bounds(least: counts[kind], most: counts[kind] + (kind.isDefinite ? counts.unresolved : 0))
    }
}
