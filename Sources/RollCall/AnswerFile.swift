import Files
import Model

/// The answers of one run on disk: a record an id, at the id's place in the spool.
package final class AnswerFile: Sendable {
    private let path: String
    /// How many ids there are.
    package let count: Int
    private let file: WorkFile

    /// Creates the file with every id not yet asked.
    package init(creating path: String, count: Int) throws {
        self.path = path
        self.count = count
        file = try WorkFile(creating: path, size: count * AnswerRecord.size)
    }

    /// Opens the file of a run that did not end. Records that are missing or damaged are ids not yet asked.
    package init(opening path: String, count: Int) throws {
        self.path = path
        self.count = count
        file = try WorkFile(opening: path, size: count * AnswerRecord.size)
    }

    /// Puts the answers so far on the disk.
    package func sync() throws { try file.sync() }

    /// Keeps the entries of a batch.
    func write(_ batch: Batches.Batch) throws { try write(batch.records) }

    /// Keeps the entries of some ids.
    func write(_ entries: some Collection<(position: Int, id: ArraySlice<UInt8>, entry: RollEntry)>) throws {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(entries.count * AnswerRecord.size)
        var start = 0
        var next = -1
        for (position, id, entry) in entries {
            if position != next {
                if !bytes.isEmpty { try file.write(bytes, at: start * AnswerRecord.size) }
                bytes.removeAll(keepingCapacity: true)
                start = position
            }
            AnswerRecord.encode(entry, id: id, into: &bytes)
            next = position + 1
        }
        if !bytes.isEmpty { try file.write(bytes, at: start * AnswerRecord.size) }
    }

    /// Reads records from `position` on into `buffer`.
    /// - Returns: how many whole records came.
    func read(at position: Int, into buffer: inout [UInt8]) throws -> Int {
        try file.read(at: position * AnswerRecord.size, into: &buffer) / AnswerRecord.size
    }
}
