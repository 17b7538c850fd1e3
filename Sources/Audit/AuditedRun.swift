package import Model
package import Snapshots

/// A run as an audit reads it: its summary, and its rows when they are asked for.
package struct AuditedRun: Sendable {
    package let summary: RunSummary
    /// Hands every row to `visit`, in source order.
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

/// How many ids could have an outcome: those that have it, and those of which nobody knows.
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
    /// How many ids are of a kind, taking in that each id without a definite answer may be of any definite kind.
    package func bounds(of kind: OutcomeKind) -> Bounds {
        Bounds(least: counts[kind], most: counts[kind] + (kind.isDefinite ? counts.unresolved : 0))
    }
}
