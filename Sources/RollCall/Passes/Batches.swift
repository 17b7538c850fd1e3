import Journal
import Model

/// Cuts the ids of a roll that are not settled into full batches, in source order; then come, one by one, those that have
/// failed alone: with others they might fail again.
struct Batches {
    private var cursor: SpoolCursor
    private var suspects: [Batch] = []

    init(cursor: SpoolCursor) { self.cursor = cursor }

    struct Batch: Sendable {
        var ids = IDBatch()
        /// Each id's place in the roll.
        var positions: [Int] = []
        /// What was known of each before the request.
        var entries: [IDState] = []

        var indices: Range<Int> { 0..<ids.count }

        init() {
            positions.reserveCapacity(IDBatch.limit)
            entries.reserveCapacity(IDBatch.limit)
        }

        fileprivate mutating func add(_ cursor: SpoolCursor) {
            ids.append(cursor.id)
            positions.append(cursor.position)
            entries.append(cursor.entry)
        }
    }

    /// - Returns: nil when every id was passed.
    mutating func next() throws -> Batch? {
        var batch = Batch()
        while !batch.ids.isFull, try cursor.next() {
            guard !cursor.entry.isSettled else { continue }
            guard !cursor.entry.failedAlone else {
                suspects.append(suspect())
                continue
            }
            batch.add(cursor)
        }
        return batch.ids.isEmpty ? suspects.popLast() : batch
    }

    private func suspect() -> Batch {
        var batch = Batch()
        batch.add(cursor)
        // Twice, since the last failure may have been chance.
        batch.ids.maxAttempts = 2
        return batch
    }
}
