import Files
package import Model
import Synchronization

/// The answers of one run on disk: one record per id, in the order of the spool, followed by the run's API usage.
package final class AnswerFile: Sendable {
    private let path: String
    /// The number of ids.
    package let count: Int
    /// The API usage of earlier processes of the run.
    package let earlierUsage: RunUsage
    private let usage: Mutex<RunUsage>
    private let file: RandomAccessFile
    private let hasAnswers: Atomic<Bool>

    /// Creates the file, without an answer for any id.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - count: the number of ids.
    ///   - earlier: the API usage of earlier processes of the run, whose answers are not available.
    /// - Throws: `FileError`.
    package init(creating path: String, count: Int, earlier: RunUsage = RunUsage()) throws {
        self.path = path
        self.count = count
        file = try RandomAccessFile(creating: path, size: count * AnswerRecord.size + RunUsage.size)
        earlierUsage = earlier
        usage = Mutex(earlier)
        hasAnswers = Atomic(false)
    }

    /// Opens the file of an interrupted run. The ids of missing and damaged records count as not yet requested.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - count: the number of ids.
    ///   - earlier: the API usage of earlier processes, used if the usage in the file is missing or damaged.
    /// - Throws: `FileError`.
    package init(opening path: String, count: Int, earlier: RunUsage = RunUsage()) throws {
        self.path = path
        self.count = count
        file = try RandomAccessFile(opening: path, size: count * AnswerRecord.size + RunUsage.size)
        var end = [UInt8](repeating: 0, count: RunUsage.size)
        let length = try file.read(at: count * AnswerRecord.size, into: &end)
        earlierUsage = RunUsage(bytes: Array(end[..<length])) ?? earlier
        usage = Mutex(earlierUsage)
        hasAnswers = Atomic(true)
    }

    /// Whether no id was requested yet, so that no record needs to be read.
    var isBlank: Bool { !hasAnswers.load(ordering: .relaxed) }

    /// Syncs the answers so far to the disk.
    package func sync() throws { try file.sync() }

    /// Writes the states of some ids.
    ///
    /// - Parameters:
    ///   - entries: the state of each id.
    ///   - ids: the ids.
    ///   - positions: the index of each id in the spool, in ascending order.
    /// - Throws: `FileError`.
    package func write(_ entries: [IDState], of ids: IDBatch, at positions: [Int]) throws {
        hasAnswers.store(true, ordering: .relaxed)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(ids.count * AnswerRecord.size)
        var start = 0
        for index in 0..<ids.count {
            // Adjacent records are written together.
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
        try usage.withLock { usage in
            usage.api.requests += 1
            try file.write(usage.bytes, at: count * AnswerRecord.size)
        }
    }

    /// Sets the API usage of this process so far. It is written with the next request, or at the end of a pass.
    package func setUsage(passes: Int, _ api: RunSummary.APIUsage) {
        usage.withLock { usage in
            let requests = usage.api.requests
            usage = earlierUsage
            usage.passes += passes
            usage.api += api
            usage.api.requests = requests
        }
    }

    /// Writes the API usage.
    package func writeUsage() throws {
        try usage.withLock { usage in try file.write(usage.bytes, at: count * AnswerRecord.size) }
    }

    /// Reads records.
    ///
    /// - Parameters:
    ///   - position: the index of the first record.
    ///   - buffer: filled from its start.
    /// - Returns: the number of whole records read.
    /// - Throws: `FileError`.
    func read(at position: Int, into buffer: inout [UInt8]) throws -> Int {
        try file.read(at: position * AnswerRecord.size, into: &buffer) / AnswerRecord.size
    }
}
