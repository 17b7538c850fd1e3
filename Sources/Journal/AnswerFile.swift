import Files
package import Model
import Synchronization

/// The answers of one run on disk: a record an id, at the id's place in the spool, and behind them what it took to get them.
package final class AnswerFile: Sendable {
    private let path: String
    /// How many ids there are.
    package let count: Int
    /// What earlier processes of the run have asked.
    package let earlierUse: RunUsage
    private let use: Mutex<RunUsage>
    private let file: RandomAccessFile
    private let hasAnswers: Atomic<Bool>

    /// Creates the file with every id not yet asked.
    ///
    /// `earlier`: what earlier processes have asked all the same.
    package init(creating path: String, count: Int, earlier: RunUsage = RunUsage()) throws {
        self.path = path
        self.count = count
        file = try RandomAccessFile(creating: path, size: count * AnswerRecord.size + RunUsage.size)
        earlierUse = earlier
        use = Mutex(earlier)
        hasAnswers = Atomic(false)
    }

    /// Opens the file of a run that did not end. Records that are missing or damaged are ids not yet asked.
    ///
    /// `earlier`: what earlier processes have asked, as far as is known without the file.
    package init(opening path: String, count: Int, earlier: RunUsage = RunUsage()) throws {
        self.path = path
        self.count = count
        file = try RandomAccessFile(opening: path, size: count * AnswerRecord.size + RunUsage.size)
        var end = [UInt8](repeating: 0, count: RunUsage.size)
        let length = try file.read(at: count * AnswerRecord.size, into: &end)
        earlierUse = RunUsage(bytes: Array(end[..<length])) ?? earlier
        use = Mutex(earlierUse)
        hasAnswers = Atomic(true)
    }

    /// Whether no id was asked for yet, so that there is nothing to be read.
    var isBlank: Bool { !hasAnswers.load(ordering: .relaxed) }

    /// Puts the answers so far on the disk.
    package func sync() throws { try file.sync() }

    /// Keeps what is known of some ids.
    ///
    /// - Parameters:
    ///   - entries: an entry for each of the ids.
    ///   - ids: the ids.
    ///   - positions: where each stands in the spool, in rising order.
    /// - Throws: `FileError`.
    package func write(_ entries: [IDState], of ids: IDBatch, at positions: [Int]) throws {
        hasAnswers.store(true, ordering: .relaxed)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(ids.count * AnswerRecord.size)
        var start = 0
        for index in 0..<ids.count {
            // Neighbours go into the file together.
            if index > 0, positions[index] != positions[index - 1] + 1 {
                try file.write(bytes, at: positions[start] * AnswerRecord.size)
                bytes.removeAll(keepingCapacity: true)
                start = index
            }
            AnswerRecord.encode(entries[index], id: ids[index], into: &bytes)
        }
        if !bytes.isEmpty { try file.write(bytes, at: positions[start] * AnswerRecord.size) }
    }

    /// Counts a request that is about to be sent.
    package func recordRequest() throws {
        try use.withLock { use in
            use.api.requests += 1
            try file.write(use.bytes, at: count * AnswerRecord.size)
        }
    }

    /// Takes note of what this process has asked so far; it is written with the next request, or when a pass ends.
    package func note(passes: Int, _ api: RunSummary.APIUsage) {
        use.withLock { use in
            let requests = use.api.requests
            use = earlierUse
            use.passes += passes
            use.api += api
            use.api.requests = requests
        }
    }

    /// Writes what was noted.
    package func writeUse() throws {
        try use.withLock { use in try file.write(use.bytes, at: count * AnswerRecord.size) }
    }

    /// Reads records from `position` on into `buffer`.
    /// - Returns: how many whole records came.
    func read(at position: Int, into buffer: inout [UInt8]) throws -> Int {
        try file.read(at: position * AnswerRecord.size, into: &buffer) / AnswerRecord.size
    }
}
