import Files
package import Model

/// Iterates over the ids of a run and their states, in source order.
package struct SpoolCursor {
    private var spool: SpoolReader
    private let answers: AnswerFile
    /// Whether no id had an answer when the iteration started. Answers that come later are for ids already passed.
    private let isBlank: Bool
    private var records = [UInt8](repeating: 0, count: 1_024 * AnswerRecord.size)
    private var available = 0
    private var used = 0

    /// The index of the current id, from 0.
    package private(set) var position = -1
    package private(set) var entry = IDState()

    package init(spoolPath: String, answers: AnswerFile) throws {
        spool = try SpoolReader(InputFile(opening: spoolPath), name: spoolPath)
        self.answers = answers
        isBlank = answers.isBlank
    }

    package var id: ArraySlice<UInt8> { spool.current }

    /// Advances to the next id.
    ///
    /// - Returns: false after the last.
    /// - Throws: `FileError`.
    package mutating func next() throws -> Bool {
        guard try spool.next() else { return false }
        position += 1
        guard position < answers.count else { throw tooFewAnswers() }
        guard !isBlank else { return true }
        if used == available {
            available = try answers.read(at: position, into: &records)
            used = 0
            guard available > 0 else { throw tooFewAnswers() }
        }
        entry = AnswerRecord.decode(records[used * AnswerRecord.size..<(used + 1) * AnswerRecord.size], id: id)
        used += 1
        return true
    }

    private func tooFewAnswers() -> FileError {
        FileError(.failed, "the answer file is shorter than the spool at id", path: "\(position)")
    }

    /// The number of ids that have a definite answer or a final failure.
    package static func settled(spoolPath: String, answers: AnswerFile) throws -> Int {
        var cursor = try SpoolCursor(spoolPath: spoolPath, answers: answers)
        var settled = 0
        while try cursor.next() { if cursor.entry.isSettled { settled += 1 } }
        return settled
    }
}
