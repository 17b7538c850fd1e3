import Formats
import Journal
package import Model

/// One subscriber of a snapshot.
package struct SnapshotRow: Sendable, Equatable {
    package var id: [UInt8]
    package var entry: IDState

    package init(id: [UInt8], entry: IDState) {
        self.id = id
        self.entry = entry
    }
}

extension SnapshotRow {
    package init(_ id: String, _ outcome: Outcome, attempts: Int = 1) {
        self.init(id: Array(id.utf8), entry: IDState(outcome: outcome, attempts: attempts))
    }

    package static let checkedAt = Timestamp(milliseconds: 1_795_302_930_042)

    package static func answered(_ id: String, _ status: Int64, lastOnline: Int64? = nil, attempts: Int = 1)
        -> SnapshotRow
    {
        SnapshotRow(
            id,
            .answered(StatusAnswer(status: .init(rawValue: status), lastOnline: lastOnline, checkedAt: checkedAt)),
            attempts: attempts)
    }

    /// Every id has a definite answer.
    package static let complete: [SnapshotRow] = [
        .answered("q0u1v2+x3y4/z5A6B7C8Dg==", 0), .answered("a/+,\"b\"", 1, lastOnline: 1_551_686_893_588, attempts: 2),
        .answered("two words", 2), .answered("日本", 4), .answered("plain", 0), .answered("another", 4, attempts: 3),
    ]

    /// One row for every outcome.
    package static let everyOutcome: [SnapshotRow] = [
        .answered("a", 0), .answered("b", 1, lastOnline: 1), .answered("c", 2), .answered("d", 3, attempts: 4),
        .answered("e", 4), .answered("f", 99), .answered("g", -1), .answered("h", .max),
        SnapshotRow("i", .notReturned, attempts: 2), SnapshotRow("j", .notAsked, attempts: 0),
        SnapshotRow("k", .failed(.badData)), SnapshotRow("l", .failed(.missingData)),
        SnapshotRow("m", .failed(.timeout)), SnapshotRow("n", .failed(.connection)),
        SnapshotRow("o", .failed(.http(503))), SnapshotRow("p", .failed(.api(-1))),
        SnapshotRow("q", .failed(.protocolError)), SnapshotRow("r", .failed(.badStatus)),
        SnapshotRow("s", .failed(.conflict)),
    ]

    package static let printable = Array("abcXYZ019+/=,;\"'- \\\u{e9}\u{301}日😀")
    /// CSV and JSON must be able to hold these too, although no source accepts them in an id.
    package static let anything = printable + ["\n", "\r", "\t", "\u{1}"]

    /// Rows with distinct random ids.
    ///
    /// - Parameters:
    ///   - count: the number of rows.
    ///   - characters: the characters of the ids.
    ///   - definite: whether every outcome is definite.
    ///   - random: the random number generator.
    /// - Returns: the rows.
    package static func random(
        _ count: Int, of characters: [Character], definite: Bool, using random: inout SeededRandom
    ) -> [SnapshotRow] {
        var ids = IDTable()
        var rows: [SnapshotRow] = []
        while rows.count < count {
            let length = Int.random(in: 1...24, using: &random)
            let id = (0..<length).map { _ in String(characters.randomElement(using: &random) ?? "a") }.joined()
            guard id.utf8.count <= SpoolFile.idLimit, ids.insert(Array(id.utf8)[...]).isInserted else { continue }
            let attempts = Int.random(in: 1...9, using: &random)
            if !definite, Int.random(in: 0..<3, using: &random) == 0 {
                let outcome = everyOutcome.randomElement(using: &random)?.entry.outcome ?? .notAsked
                rows.append(SnapshotRow(id, outcome, attempts: outcome == .notAsked ? 0 : attempts))
            } else {
                let lastOnline = Int64.random(in: 1...4_102_444_800_000, using: &random)
                rows.append(
                    .answered(
                        id, [0, 1, 2, 4].randomElement(using: &random) ?? 0,
                        lastOnline: Bool.random(using: &random) ? lastOnline : nil, attempts: attempts))
            }
        }
        return rows
    }
}
