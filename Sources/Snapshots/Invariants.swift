package import Model

/// Equations that hold for every snapshot, however the run ended.
package enum Invariants {
    /// - Throws: `BrokenInvariant` with the first equation that does not hold.
    package static func check(_ summary: RunSummary) throws(BrokenInvariant) {
        let source = summary.source
        try equal("rows_read = accepted + rejected", source.rowsRead, source.accepted + source.rejectedTotal)
        try equal("accepted = unique + duplicates", source.accepted, source.unique + source.duplicates)
        try equal("unique = sum of counts", source.unique, summary.counts.total)
    }

    private static func equal(_ what: String, _ left: Int, _ right: Int) throws(BrokenInvariant) {
        guard left == right else { throw BrokenInvariant(what, left, right) }
    }
}

/// Ids were lost, duplicated or miscounted: a bug of this program, or a damaged snapshot.
package struct BrokenInvariant: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    init(_ what: String, _ left: Int, _ right: Int) {
        description = "the numbers do not add up: \(what), but \(left) is not \(right)"
    }
}
