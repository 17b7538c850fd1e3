import Journal
import Model

/// Cuts the ids of a roll that are not settled into full batches, in source order.
struct Batches {
    private var roll: Roll

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
    }

    /// - Returns: nil when every id was passed.
    mutating func next() throws -> Batch? {
        var batch = Batch()
        while !batch.ids.isFull, try roll.next() {
            guard !roll.entry.isSettled else { continue }
            batch.ids.append(roll.id)
            batch.positions.append(roll.position)
            batch.entries.append(roll.entry)
        }
        return batch.ids.isEmpty ? nil : batch
    }
}
