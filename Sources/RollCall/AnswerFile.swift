import Files
import Synchronization

/// The answers of one run on disk: a record an id, at the id's place in the spool.
package final class AnswerFile: Sendable {
    private let path: String
    /// How many ids there are.
    package let count: Int
    private let file: WorkFile
    private let hasAnswers: Atomic<Bool>

    /// Creates the file with every id not yet asked.
    package init(creating path: String, count: Int) throws {
        self.path = path
        self.count = count
        file = try WorkFile(creating: path, size: count * AnswerRecord.size)
        hasAnswers = Atomic(false)
    }

    /// Opens the file of a run that did not end. Records that are missing or damaged are ids not yet asked.
    package init(opening path: String, count: Int) throws {
        self.path = path
        self.count = count
        file = try WorkFile(opening: path, size: count * AnswerRecord.size)
        hasAnswers = Atomic(true)
    }

    /// Whether no id was asked for yet, so that there is nothing to be read.
    var isBlank: Bool { !hasAnswers.load(ordering: .relaxed) }

    /// Puts the answers so far on the disk.
    package func sync() throws { try file.sync() }

    /// Keeps the entries of a batch.
    func write(_ batch: Batches.Batch) throws {
        hasAnswers.store(true, ordering: .relaxed)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(batch.ids.count * AnswerRecord.size)
        var start = 0
        for index in batch.indices {
            // Neighbours go into the file together.
            if index > 0, batch.positions[index] != batch.positions[index - 1] + 1 {
                try file.write(bytes, at: batch.positions[start] * AnswerRecord.size)
                bytes.removeAll(keepingCapacity: true)
                start = index
            }
            AnswerRecord.encode(batch.entries[index], id: batch.ids[index], into: &bytes)
        }
        if !bytes.isEmpty { try file.write(bytes, at: batch.positions[start] * AnswerRecord.size) }
    }

    /// Reads records from `position` on into `buffer`.
    /// - Returns: how many whole records came.
    func read(at position: Int, into buffer: inout [UInt8]) throws -> Int {
        try file.read(at: position * AnswerRecord.size, into: &buffer) / AnswerRecord.size
    }
}
