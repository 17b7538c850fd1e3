import Files
import Journal
import Model
import TestSupport
import Testing

@Suite struct SpoolCursorTests {
    private func write(_ entries: [Int: IDState], to work: Work) throws {
        try work.answers.write(
            entries.keys.sorted().compactMap { position in
                entries[position].map { (position: position, id: work.ids[position][...], entry: $0) }
            })
    }

    @Test func `a new run has no answers`() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 2_500, in: directory)
            var cursor = try SpoolCursor(spoolPath: work.spoolPath, answers: work.answers)
            var ids: [[UInt8]] = []
            while try cursor.next() {
                #expect(cursor.position == ids.count)
                #expect(cursor.entry == IDState())
                ids.append(Array(cursor.id))
            }
            #expect(ids == work.ids)
            #expect(work.answers.count == 2_500)
        }
    }

    @Test func `answers are read at their positions with gaps between them`() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 3_000, in: directory)
            var random = SeededRandom(seed: 5)
            var expected: [Int: IDState] = [:]
            for position in 0..<3_000 where Int.random(in: 0..<3, using: &random) > 0 {
                let status = Int64.random(in: -5...500, using: &random)
                let attempts = Int.random(in: 1...9, using: &random)
                expected[position] = IDState(outcome: .answered(StatusAnswer(status)), attempts: attempts)
            }
            try write(expected, to: work)
            #expect(try work.entries() == (0..<3_000).map { expected[$0] ?? IDState() })
        }
    }

    @Test func `a later answer replaces only its own record`() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 5, in: directory)
            let first = IDState(outcome: .notReturned, attempts: 1)
            let second = IDState(outcome: .answered(StatusAnswer(0)), attempts: 2)
            try write(Dictionary(uniqueKeysWithValues: (0..<5).map { ($0, first) }), to: work)
            try write([1: second, 4: second], to: work)
            #expect(try work.entries() == [first, second, first, first, second])
        }
    }

    @Test func `no entries write nothing`() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 2, in: directory)
            try write([:], to: work)
            #expect(try bytes(of: directory + "/answers").prefix(64) == [UInt8](repeating: 0, count: 64)[...])
        }
    }

    @Test func `an answer in the record of another id is not read`() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 2, in: directory)
            let entry = IDState(outcome: .answered(StatusAnswer(0)), attempts: 1)
            try work.answers.write([(position: 1, id: work.ids[0][...], entry: entry)])
            #expect(try work.entries() == [IDState(), IDState()])
        }
    }

    @Test func `an answer file that is too short is an error`() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 10, in: directory)
            let short = try AnswerFile(creating: directory + "/short", count: 9)
            var cursor = try SpoolCursor(spoolPath: work.spoolPath, answers: short)
            for _ in 0..<9 { #expect(try cursor.next()) }
            #expect(throws: FileError.self) { try cursor.next() }
        }
    }

    @Test func `an empty run ends at once`() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work([], in: directory)
            var cursor = try SpoolCursor(spoolPath: work.spoolPath, answers: work.answers)
            #expect(try !cursor.next())
        }
    }
}
