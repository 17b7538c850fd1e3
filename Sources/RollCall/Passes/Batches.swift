import Journal
import Model

/// Cuts the ids of a roll that are not settled into full batches, in source order; then come, one by one, those that have
/// failed alone: with others they might fail again.
struct Batches {
    private var roll: Roll
    private var suspects: [Batch] = []

    init(roll: Roll) { self.roll = roll }

    struct Batch: Sendable {
        var ids = IDBatch()
        /// Each id's place in the roll.
        var positions: [Int] = []
        /// What was known of each before the request.
        var entries: [RollEntry] = []

        var indices: Range<Int> { 0..<ids.count }

        init() {
            positions.reserveCapacity(IDBatch.limit)
            entries.reserveCapacity(IDBatch.limit)
        }

        fileprivate mutating func add(_ roll: Roll) {
            ids.append(roll.id)
            positions.append(roll.position)
            entries.append(roll.entry)
        }
    }

    /// - Returns: nil when every id was passed.
    mutating func next() throws -> Batch? {
        var batch = Batch()
        while !batch.ids.isFull, try roll.next() {
            guard !roll.entry.isSettled else { continue }
            guard !roll.entry.failedAlone else {
                suspects.append(suspect())
                continue
            }
            batch.add(roll)
        }
        return batch.ids.isEmpty ? suspects.popLast() : batch
    }

    private func suspect() -> Batch {
        var batch = Batch()
        batch.add(roll)
        // Twice, since the last failure may have been chance.
        batch.ids.mostTries = 2
        return batch
    }
}
