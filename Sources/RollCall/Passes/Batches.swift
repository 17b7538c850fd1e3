import Journal
import Model

/// Splits the unsettled ids of a spool into full batches, in source order.
///
/// Ids that failed alone in a request come last, one per batch, since they might make a larger batch fail again.
struct Batches {
    private var cursor: SpoolCursor
    private var suspects: [Batch] = []

    init(cursor: SpoolCursor) { self.cursor = cursor }

    struct Batch: Sendable {
        var ids = IDBatch()
        /// The position of each id in the spool.
        var positions: [Int] = []
        /// The state of each id before the request.
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

    /// Returns the next batch.
    ///
    /// - Returns: nil if no batch is left.
    /// - Throws: errors of the work files.
    mutating func next() throws -> Batch? {
        var batch = Batch()
        while !batch.ids.isFull, try cursor.next() {
            guard !cursor.entry.isSettled else { continue }
            guard !cursor.entry.failedAlone else {
                suspects.append(singleIDBatch())
                continue
            }
            batch.add(cursor)
        }
        return batch.ids.isEmpty ? suspects.popLast() : batch
    }

    private func singleIDBatch() -> Batch {
        var batch = Batch()
        batch.add(cursor)
        // Two attempts, since the earlier failure may have been a transient one.
        batch.ids.maxAttempts = 2
        return batch
    }
}
